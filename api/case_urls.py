"""The paths of what stands around a case: clocks, figures."""

from django.urls import path

from api.views import clocks, evidence, figures, opinions, public, sender, voices

urlpatterns = [
    path("reports/<str:code>/answers", sender.ReportAnswers.as_view(), name="report-answers"),
    path("reports/<str:code>/ratings", sender.ReportRatings.as_view(), name="report-ratings"),
    path("reports/<str:code>/reopenings", sender.ReportReopenings.as_view(), name="report-reopenings"),
    path("cases/<uuid:case_id>/clocks", clocks.CaseClocks.as_view(), name="case-clocks"),
    path("cases/<uuid:case_id>/pauses", clocks.CasePauses.as_view(), name="case-pauses"),
    path("cases/<uuid:case_id>/late-causes", clocks.CaseLateCauses.as_view(), name="case-late-causes"),
    path("cases/<uuid:case_id>/voices", voices.CaseVoices.as_view(), name="case-voices"),
    path(
        "cases/<uuid:case_id>/voices/<slug:handle>/questions", voices.VoiceQuestions.as_view(), name="voice-questions"
    ),
    path("cases/<uuid:case_id>/voices/<slug:handle>/openings", voices.VoiceOpenings.as_view(), name="voice-openings"),
    path("cases/<uuid:case_id>/round", voices.CaseRound.as_view(), name="case-round"),
    path("cases/<uuid:case_id>/evidence-packs", evidence.EvidencePacks.as_view(), name="evidence-packs"),
    path("cases/<uuid:case_id>/evidence-checks", evidence.EvidenceChecks.as_view(), name="evidence-checks"),
    path("cases/<uuid:case_id>/hold", evidence.EvidenceHold.as_view(), name="evidence-hold"),
    path("evidence/faults", evidence.EvidenceFaults.as_view(), name="evidence-faults"),
    path("evidence/looks", evidence.EvidenceLooks.as_view(), name="evidence-looks"),
    path("cases/<uuid:case_id>/publication", public.CasePublication.as_view(), name="case-publication"),
    path("public/figures", public.WardFigures.as_view(), name="public-figures"),
    path("openings", voices.Openings.as_view(), name="openings"),
    path("openings/<uuid:opening_id>/moves", voices.OpeningMoves.as_view(), name="opening-moves"),
    *(path(f"figures/{name}", view.as_view(), name=f"figure-{name}") for name, view in figures.VIEWS.items()),
    path("flags/<uuid:flag_id>/opinions", opinions.FlagOpinions.as_view(), name="flag-opinions"),
    path("flags/<uuid:flag_id>/similar", opinions.SimilarFlags.as_view(), name="flag-similar"),
    path("figures/<slug:name>/cases", figures.FigureCases.as_view(), name="figure-cases"),
    path("figures/<slug:name>.csv", figures.FigureCsv.as_view(), name="figure-csv"),
]
