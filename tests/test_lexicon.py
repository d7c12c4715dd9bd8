"""Every name of every value, and what is refused when the lexicon is built."""

from __future__ import annotations

import pytest

from intents.errors import AmbiguousName
from intents.lexicon import END, Lexicon, Name, build, pair_of
from intents.names import each
from knowledge.pack import Library


def values(lexicon: Lexicon, text: str) -> set[tuple[str, str]]:
    """The kinds and values that stand at the end of a text in the exact trie."""
    node = lexicon.exact
    for char in text:
        node = node[char]
    return {(lexicon.names[at].kind, lexicon.names[at].value) for at in node[END]}


def test_a_name_is_found_character_by_character() -> None:
    """A name leads through the trie to the kind and value it stands for."""
    made = build([Name("disease", "dialysis", "透析"), Name("cue", "limit", "限额")])

    assert values(made, "透析") == {("disease", "dialysis")}
    assert values(made, "限额") == {("cue", "limit")}


def test_names_are_normalised() -> None:
    """A name in traditional characters or capitals is planted as it will be searched."""
    made = build([Name("disease", "pku", "ＰＫＵ"), Name("disease", "dialysis", "透析治療")])

    assert [name.text for name in made.names] == ["pku", "透析治疗"]


def test_the_same_name_twice_counts_once() -> None:
    """A repeated name and a name of blanks add nothing."""
    made = build(
        [Name("disease", "pku", "PKU"), Name("disease", "pku", "pku"), Name("cue", "x", "  ")]
    )

    assert len(made.names) == 1


def test_one_name_of_two_values_is_refused() -> None:
    """Two diseases that claim a name are an error that names both."""
    with pytest.raises(AmbiguousName, match="disease name '肾衰' means both 'a' and 'b'"):
        build([Name("disease", "a", "肾衰"), Name("disease", "b", "肾衰")])


def test_a_name_may_stand_for_two_kinds() -> None:
    """A cue and a disease may share a name, and a cue may hint at several things."""
    made = build([Name("disease", "a", "治疗"), Name("cue", "b", "治疗"), Name("cue", "c", "治疗")])

    assert len(values(made, "治疗")) == 3


def test_a_name_is_found_by_its_initials() -> None:
    """Names that people abbreviate are planted by the first letters of their pinyin."""
    made = build([Name("disease", "diabetes", "糖尿病")])

    assert made.initials["t"]["n"]["b"][END] == [0]


def test_kinds_that_nobody_abbreviates_have_no_initials() -> None:
    """A short alias of a material is not found by its initials."""
    made = build([Name("material", "id", "身份", alias=True)])

    assert made.initials == {}


def test_a_name_in_letters_has_no_sound() -> None:
    """Only names in characters are planted by sound."""
    assert build([Name("disease", "pku", "PKU")]).sound == {}


def test_names_of_three_are_framed_too() -> None:
    """治疔期 still shares its frame with 治疗期; longer names have enough pairs."""
    lexicon = build([Name("disease", "a", "治疗期"), Name("disease", "b", "高血压病")])
    assert lexicon.pairs[pair_of("疗", "期")] == ((0, 1, 3),)
    assert lexicon.pairs[pair_of("压", "血")] == ((1, 1, 4),)
    assert lexicon.framed == {"治期": (0,)}


def test_every_name_of_the_packs_has_its_value(lexicon: Lexicon, library: Library) -> None:
    """Each alias of each disease and district leads to it and to no other of its kind."""
    for pack in library.packs:
        for disease in pack.diseases:
            for text in (disease.short, *disease.aliases):
                plain = build([Name("cue", "x", text)]).names[0].text
                found = {value for kind, value in values(lexicon, plain) if kind == "disease"}
                assert found == {disease.id}, text


def test_every_district_has_its_value(lexicon: Lexicon, library: Library) -> None:
    """Each nickname of each district leads to it and to no other."""
    for district in library.pack("suzhou").districts:
        for text in (district.name, *district.aliases):
            found = {value for kind, value in values(lexicon, text.lower()) if kind == "district"}
            assert found == {district.id}, text


def test_one_line_of_the_vocabulary_may_stand_for_many() -> None:
    """Choices in braces are written out; a name without them stands for itself."""
    assert list(each("限额")) == ["限额"]
    assert list(each("{几天|多久}{内|以内}")) == ["几天内", "几天以内", "多久内", "多久以内"]
    assert list(each("换{一|}家")) == ["换一家", "换家"]
