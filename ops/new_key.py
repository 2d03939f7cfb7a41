"""Print a fresh VAULT_KEY (32 random bytes in URL-safe base64, as Fernet wants it): ``python -m ops.new_key``."""

from ops.keys import make_keys
from ops.words import say

if __name__ == "__main__":
    say(make_keys().vault_key)
