"""The pages about registers, their runs and the faults found."""

from django.urls import path, register_converter

from web.views import registers


class ExportForm:
    """The files an export may be."""

    regex = "csv|geojson"

    def to_python(self, value: str) -> str:
        """As written."""
        return value

    def to_url(self, value: str) -> str:
        """As written."""
        return value


register_converter(ExportForm, "export_form")
pages = [
    path("registers/", registers.list_all, name="registers"),
    path("registers/runs/<int:load_id>/", registers.show_run, name="register_run"),
    path("registers/<str:name>/", registers.show_register, name="register"),
    path("register-issues/", registers.show_issues, name="register_issues"),
    path("register-issues.<export_form:form>", registers.export_issues, name="register_issues_export"),
]
