"""The right paragraph is found where others take a wrong one."""

from __future__ import annotations

import pytest

from digest.model import Document
from digest.summarise import summarise
from tests.summarise.newsroom import (
    BODY,
    DECK,
    HEADLINE,
    LEAD,
    MORE,
    NEXT,
    article,
    of_page,
    of_text,
    page,
    paragraphs,
)

STANDFIRST = (
    "The harbour council has decided to close the swing bridge for a whole year. "
    "Shop owners on the quay are worried about their summer trade."
)

ABOVE = {
    "nothing": "",
    "a standfirst under the headline": f'<h2 class="deck">{DECK}</h2>',
    "a standfirst of whole sentences": f'<p class="standfirst">{STANDFIRST}</p>',
    "a standfirst in bold": f"<p><strong>{STANDFIRST}</strong></p>",
    "a byline and a date": '<div class="byline">By Ruth Calder</div><time>3 May 2021, 07:30</time>',
    "a byline as a paragraph": "<p>By Ruth Calder, Harbour News</p>",
    "a figure with its caption": "<figure><img src='b.jpg'><figcaption>The bridge (AP)</figcaption></figure>",
    "a caption outside a figure": '<p class="wp-caption-text">The bridge at high water. Photo: Jane Doe</p>',
    "share buttons": "<ul><li>Share on Facebook</li><li>Tweet this</li><li>E-mail</li></ul>",
    "a newsletter call-out": "<p>Sign up for our newsletter and get the news every morning.</p>",
    "an editor's note": "<p><em>Editor's note: This story was updated with a statement.</em></p>",
    "a series note": "<p><i>This article is part of our series on the town's bridges.</i></p>",
    "a note of first publication": "<p><em>This article originally appeared in The Quay Weekly.</em></p>",
    "a related story's teaser": '<div class="related"><h4><a href="/x">Ferry fares rise</a></h4>'
    "<p>The ferry company announced on Friday that fares will rise.</p></div>",
    "the headline once more": f"<p>{HEADLINE}</p>",
    "an advertisement's label": "<div>Advertisement</div>",
    "text for screen readers only": '<p class="sr-only">Skip past the video player to read the article.</p>',
    "a hidden consent text": '<div style="display: none"><p>We use cookies to make this site work.</p></div>',
}


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE.keys())
def test_lead_is_the_first_paragraph_of_the_report_after(above: str) -> None:
    assert of_page(article(above)).lead == LEAD


def test_lead_in_a_container_of_its_own_is_found() -> None:
    content = (
        f'<h1>{HEADLINE}</h1><div class="first">{paragraphs(LEAD)}</div><div>{paragraphs(*BODY[1:])}</div>'
    )
    assert of_page(page(content)).lead == LEAD


def test_every_paragraph_in_a_wrapper_of_its_own() -> None:
    wrapped = "".join(f'<div class="element"><div class="text"><p>{text}</p></div></div>' for text in BODY)
    assert of_page(page(f"<h1>{HEADLINE}</h1>{wrapped}")).lead == LEAD


def test_lead_full_of_links_is_kept() -> None:
    linked = LEAD.replace("harbour council", "<a href='/c'>harbour council</a>").replace(
        "old swing bridge", "<a href='/b'>old swing bridge</a>"
    )
    assert of_page(article(body=(linked, *BODY[1:]))).lead == LEAD


def test_page_of_divs_and_line_breaks() -> None:
    assert of_page(page(f"<div><b>{HEADLINE}</b><br><br>{'<br><br>'.join(BODY)}</div>")).lead == LEAD


def test_text_directly_beside_other_elements() -> None:
    content = f"<div><h1>{HEADLINE}</h1><div>Share</div>{LEAD}{paragraphs(*BODY[1:])}</div>"
    assert of_page(page(content)).lead == LEAD


def test_drop_capital_in_an_element_of_its_own_is_joined() -> None:
    content = f"<h1>{HEADLINE}</h1><div><span>T</span><p>{LEAD[1:]}</p>{paragraphs(*BODY[1:])}</div>"
    assert of_page(page(content)).lead == LEAD


def test_card_shown_on_hovering_over_a_name_is_no_part_of_the_sentence() -> None:
    card = "<span><span><img src='p.jpg'><a>Ruth Calder</a><a>Her latest stories</a></span></span>"
    assert of_page(article(body=(LEAD.replace(" voted", f"{card} voted"), *BODY[1:]))).lead == LEAD


def test_description_that_repeats_the_standfirst_does_not_make_it_the_lead() -> None:
    head = f'<meta property="og:description" content="{STANDFIRST}">'
    content = f'<h1>{HEADLINE}</h1><div class="intro"><p>{STANDFIRST}</p></div><div>{paragraphs(*BODY)}</div>'
    assert of_page(page(content, head=head)).lead == LEAD


def test_article_body_of_json_ld_points_at_the_lead_but_is_not_copied() -> None:
    told = " ".join(BODY).replace("Monday", "MONDAY")
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{told}"}}</script>'
    content = f"<h1>{HEADLINE}</h1>{paragraphs(STANDFIRST, *BODY)}"
    assert of_page(page(content, head=head)).lead == LEAD


def test_one_sentence_teaser_takes_the_next_paragraph() -> None:
    teaser = "The swing bridge will be silent for a year."
    assert of_page(article(body=(teaser, *BODY[1:]))).lead == f"{teaser} {NEXT}"


def test_dateline_is_kept_apart_from_the_lead() -> None:
    summary = of_page(article(body=(f"SALTWICK (Reuters) - {LEAD}", *BODY[1:])))
    assert (summary.lead, summary.dateline, summary.agency) == (LEAD, "SALTWICK (Reuters)", "Reuters")


def test_lead_longer_than_asked_ends_at_a_sentence() -> None:
    long = f"{LEAD} Mr. Calder was against it. {NEXT} {MORE[0]}"
    lead = summarise(Document("html", article(body=(long, *MORE))), limit=140).lead
    assert lead == f"{LEAD} Mr. Calder was against it."


def test_paragraphs_are_the_report_and_nothing_else() -> None:
    extras = ("Read more: Ferry fares will rise in June", "<b>By Ruth Calder</b>")
    assert of_page(article(body=(LEAD, extras[0], *BODY[1:], extras[1]))).paragraphs == BODY


def test_summary_tells_why_and_what_else_was_considered() -> None:
    summary = of_page(article(f'<p class="standfirst">{STANDFIRST}</p>'))
    assert summary.reason.startswith("The first paragraph of the report: ")
    assert summary.candidates[0].text == LEAD
    assert summary.candidates[0].score > summary.candidates[1].score
    assert all(reason[-5:-2].strip("+-0123456789.") == "" for reason in summary.candidates[0].reasons)


def test_unknown_kind_is_read_as_text() -> None:
    assert summarise(Document("letter", LEAD)).lead == LEAD


SCRIPTS = {
    "Chinese": (
        "zh",
        "古桥将关闭一年",
        "港口委员会周一投票决定，将旧旋转桥关闭一年以进行维修。",
        "市政工程师表示，工程将于三月开始，公共汽车改走海岸公路。",
    ),
    "Japanese": (
        "ja",
        "旧旋回橋、一年間閉鎖へ",
        "港湾評議会は月曜日、古い旋回橋を一年間閉鎖して修理することを決めた。",
        "工事は三月に始まり、バスは海岸道路を通ると町の技術者は述べた。",
    ),
    "Thai": (
        "th",
        "ปิดสะพานเก่าหนึ่งปี",
        "สภาท่าเรือลงมติเมื่อวันจันทร์ให้ปิดสะพานหมุนเก่าเป็นเวลาหนึ่งปีเพื่อซ่อมแซม",
        "งานจะเริ่มในเดือนมีนาคม วิศวกรของเมืองกล่าว และรถโดยสารจะใช้ถนนเลียบชายฝั่ง",
    ),
    "Arabic": (
        "ar",
        "إغلاق الجسر القديم لمدة عام",
        "صوت مجلس الميناء يوم الاثنين على إغلاق الجسر الدوار القديم لمدة عام لإجراء الإصلاحات.",
        "سيبدأ العمل في مارس، وفق ما قاله مهندس المدينة، وستسلك الحافلات الطريق الساحلي.",
    ),
    "Hebrew": (
        "he",
        "הגשר הישן ייסגר לשנה",
        "מועצת הנמל הצביעה ביום שני לסגור את הגשר המסתובב הישן למשך שנה לצורך תיקונים.",
        "העבודות יתחילו במרץ, אמר מהנדס העיר, והאוטובוסים ייסעו בכביש החוף.",
    ),
    "Russian": (
        "ru",
        "Разводной мост закроют на год",
        "Портовый совет в понедельник решил закрыть старый разводной мост на год для ремонта.",
        "Работы начнутся в марте, сообщил городской инженер, автобусы пойдут по прибрежной дороге.",
    ),
}


@pytest.mark.parametrize(("language", "headline", "lead", "following"), SCRIPTS.values(), ids=SCRIPTS.keys())
@pytest.mark.parametrize("shape", ["page", "text"])
def test_scripts_of_the_world(shape: str, language: str, headline: str, lead: str, following: str) -> None:
    if shape == "page":
        summary = of_page(f"<h1>{headline}</h1><p>{lead}</p><p>{following}</p>")
    else:
        summary = of_text(f"{headline}\n\n{lead}\n\n{following}", title=headline)
    assert (summary.lead, summary.language) == (lead, language)
