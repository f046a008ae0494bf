#!/usr/bin/env bash
# Sign, notarize and pack the macOS program. Build it on a Mac first: python3 dev.py check --slow
#   SIGN_AS="Developer ID Application: …" NOTARY_PROFILE=… packaging/macos/make_dmg.sh 0.1.0
# Without SIGN_AS the program is signed for this Mac alone.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=${1:?the version, such as 0.1.0}
program=dist/PracticeRunner.app
image="dist/PracticeRunner-$version-macos-$(uname -m).dmg"

codesign --force --deep --timestamp --options runtime \
  --entitlements packaging/macos/entitlements.plist --sign "${SIGN_AS:--}" "$program"
codesign --verify --strict "$program"

rm -f "$image"
staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
cp -R "$program" "$staging/"
ln -s /Applications "$staging/Applications"
hdiutil create -quiet -volname PracticeRunner -srcfolder "$staging" -format UDZO "$image"

if [ -n "${NOTARY_PROFILE:-}" ]; then
  xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
  xcrun stapler staple "$image"
fi
echo "$image"
