from django.urls import URLPattern, URLResolver

app_name = "experts_desk"
urlpatterns: list[URLPattern | URLResolver] = []
