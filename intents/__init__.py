"""What a message asks: names, topics, slots, and the conversation around it."""
