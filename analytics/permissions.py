"""Who may do what with analytics: Django permissions, which the roles get from a migration."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class MayReadMetrics(BasePermission):
    """Analysts, product staff and operators."""

    message = "Metrics are for analysts, product staff and operators."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.has_perm("analytics.view_metrics")


class MayExport(BasePermission):
    """Those who may download rows."""

    message = "Exports are for analysts, product staff and operators."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.has_perm("analytics.export_data")
