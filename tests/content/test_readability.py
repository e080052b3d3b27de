"""What a reading grade counts, against published formulas worked out by hand."""

import pytest

from quizapp.content.readability import (
    Counts,
    count,
    fernandez_huerta,
    flesch_kincaid,
    sentences,
    smog,
    syllables,
)

ENGLISH = {
    1: "the does numbs numbed takes made whole nerve joined use choose role place",
    2: "again about leaflet body many people table needle science being syndrome tables eases treated tissue needed",
    3: "medicine battery catheter outpatient quality regional easily baclofen several animal syllables",
    4: "intrathecal anaesthetic information community",
}
SPANISH = {
    1: "la que muy hay yo bien",
    2: "bomba nervio día agua prueba país guía ciudad cuando tubo",
    3: "espinal aguja alivio área ahora equipo opera vacío funciona ayuda",
    4: "medicina catéteres enfermera",
}


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        (word, language, number)
        for language, words in (("en", ENGLISH), ("es", SPANISH))
        for number, row in words.items()
        for word in row.split()
    ],
)
def test_it_counts_the_syllables_of_a_word(word, language, expected):
    assert syllables(word, language) == expected


def test_it_counts_sentences_by_full_stops_paragraphs_and_list_entries_but_not_by_colons():
    text = 'Nerves are *thin*. They say: "it hurts." Do they?\n\nA heading\n\n- one\n- two, or 3.5 of them'
    assert [len(words) for words in sentences(text)] == [3, 4, 2, 2, 1, 5]


def test_it_computes_flesch_kincaid():
    # 0.39 * 100/5 + 11.8 * 150/100 - 15.59 = 7.8 + 17.7 - 15.59
    assert flesch_kincaid(Counts(sentences=5, words=100, syllables=150, hard=9)) == pytest.approx(9.91)


def test_it_computes_smog():
    # 30 sentences with 16 words of three syllables or more: 1.043 * 4 + 3.1291
    assert smog(Counts(sentences=30, words=400, syllables=600, hard=16)) == pytest.approx(7.3011)


def test_it_computes_fernandez_huerta():
    # 206.84 - 60 * 200/100 - 1.02 * 100/10 = 206.84 - 120 - 10.2
    assert fernandez_huerta(Counts(sentences=10, words=100, syllables=200, hard=20)) == pytest.approx(76.64)


def test_it_does_not_count_allowed_terms_against_a_text():
    plain = count("An intrathecal catheter.", "en")
    allowed = count("An intrathecal catheter.", "en", {"intrathecal", "catheter"})
    assert (plain.syllables, plain.hard) == (8, 2)
    assert (allowed.syllables, allowed.hard) == (3, 0)


def test_it_calls_a_longer_sentence_and_longer_words_harder():
    easy = "The tube goes in. It is thin. You rest."
    longer = "The tube goes in and it is thin and you rest."
    harder = "The catheter insertion necessitates recovery."
    grades = [flesch_kincaid(count(text, "en")) for text in (easy, longer, harder)]
    assert grades == sorted(grades)
    assert len(set(grades)) == 3


@pytest.mark.parametrize("text", ["", "   ", "...", "\n\n", "!?"])
def test_it_has_an_answer_for_a_text_without_words(text):
    counts = count(text, "en")
    assert (flesch_kincaid(counts), smog(counts), fernandez_huerta(counts)) == (0.0, 0.0, 100.0)
