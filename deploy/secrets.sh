#!/bin/sh
# Makes what the deployment holds secret, once: what is there already stays as it is.
#   sh deploy/secrets.sh [FOLDER]
set -eu
umask 077
folder=${1:-"$(dirname "$0")/secrets"}
mkdir -p "$folder"
chmod 700 "$folder"

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
keep() {
  [ -e "$folder/$1" ] && return
  printf '%s\n' "$2" >"$folder/$1.part"
  # The folder keeps others out; in a container the file is read by a user of its own.
  chmod 444 "$folder/$1.part"
  mv "$folder/$1.part" "$folder/$1"
  echo "made $folder/$1"
}

keep secret "$(random)"
keep admin_token "$(random)"
keep postgres_password "$(random)"
keep database_url "postgresql://yiwentong:$(cat "$folder/postgres_password")@postgres/yiwentong"
keep redis_password "$(random)"
keep redis.conf "requirepass $(cat "$folder/redis_password")"
keep redis_url "redis://:$(cat "$folder/redis_password")@redis:6379/0"
