"""What a password must be, where Django's own words have no Chinese."""

from django.contrib.auth.password_validation import MinimumLengthValidator


class LongEnough(MinimumLengthValidator):
    """Refuses a short password, and says so in Chinese."""

    def get_error_message(self) -> str:
        """Why the password is refused."""
        return f"密码太短，至少 {self.min_length} 个字符。"

    def get_help_text(self) -> str:
        """What the form says beside the field."""
        return f"密码至少 {self.min_length} 个字符。"
