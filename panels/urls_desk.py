from django.urls import URLPattern, URLResolver

app_name = "panels_desk"
urlpatterns: list[URLPattern | URLResolver] = []
