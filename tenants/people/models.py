"""People (public schema): who signs in. Phone and e-mail are sealed; blind indexes find them."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from core.kernel.ids import uuid7


class User(AbstractBaseUser):
    """A person. Signs in by phone or e-mail (both sealed, each with a keyed blind index).

    ``registered_in`` is the schema of the brand that wrote the person down and knows the first password; blank for
    people who signed up themselves and those the platform wrote down.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    email_sealed = models.TextField(blank=True, default="")
    email_index = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - unique where known: NULLs may repeat
    phone_sealed = models.TextField(blank=True, default="")
    phone_index = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - unique where known: NULLs may repeat
    language = models.CharField(max_length=10, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    registered_in = models.CharField(max_length=63, blank=True, default="")
    created_at = models.DateTimeField()

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return str(self.id)
