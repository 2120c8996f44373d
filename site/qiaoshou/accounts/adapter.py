"""What allauth asks of us: the phone beside the e-mail, and where each person goes."""

from allauth.account.adapter import DefaultAccountAdapter

from qiaoshou.accounts.models import User


class OneDoor(DefaultAccountAdapter):
    """Sign-in by a code sent to an e-mail address or a phone; no passwords."""

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone_sealed else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone_sealed", "phone_index", "phone_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        self.set_phone(user, phone, verified=True)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.by_phone(phone).first()
