"""Pages of the site and the pictures that they show."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class Picture(AbstractImage):
    """A picture with its description in both languages and its credit."""

    alt_zh = models.CharField(_("description in Chinese"), max_length=200, blank=True)
    alt_en = models.CharField(_("description in English"), max_length=200, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    illustration = models.BooleanField(_("an illustration"), default=False)

    admin_form_fields = (
        *Image.admin_form_fields,
        "alt_zh",
        "alt_en",
        "credit",
        "illustration",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")


class PictureRendition(AbstractRendition):
    """One size and format of a picture."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
