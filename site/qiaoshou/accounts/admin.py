"""Registers the user model with Django's admin, which Oscar's checks insist on."""

from django.contrib import admin

from qiaoshou.accounts.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ["full_name", "email", "language", "is_active"]
    search_fields = ["full_name", "email"]
    fields = ["full_name", "email", "language", "is_active"]
