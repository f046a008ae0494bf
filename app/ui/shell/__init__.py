"""The window: registries that areas fill, navigation, palette, menus. It names no screen."""
