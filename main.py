"""What Flet starts on phones and in the desktop window."""

import flet as ft

from app.entry import main

ft.run(main, assets_dir="assets")
