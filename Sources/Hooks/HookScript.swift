/// The script that git runs as a hook.
///
/// It is made of what every shell has built in, because git may run it with hardly any `PATH`.
enum HookScript {
  /// By this line a script is known to be keyscan's.
  static let mark = "# Made by `keyscan hook install`; `keyscan hook uninstall` takes it away."

  /// What is added to the name of a hook that was there before.
  static let keptEnding = ".before-keyscan"

  /// The script for `hook`, which calls the keyscan at `program`.
  ///
  /// A hook that was there before runs first, since it may change what is to be committed.
  static func text(for hook: HookName, program: String) -> String {
    let kept = "${0%/*}/\(hook.rawValue)\(keptEnding)"
    let collect =
      hook == .prePush
      ? """
      # git tells on standard input what is pushed; both hooks are to read it.
      lines=
      while IFS= read -r line; do
        lines="$lines$line
      "
      done

      """ : ""
    let feed = hook == .prePush ? "printf '%s' \"$lines\" | " : ""
    return """
      #!/bin/sh
      \(mark)
      \(collect)kept="\(kept)"
      if [ -x "$kept" ]; then
        \(feed)"$kept" "$@" || exit $?
      fi
      if [ "${KEYSCAN_SKIP:-}" = 1 ]; then
        echo "keyscan: \(hook.rawValue) skipped, because KEYSCAN_SKIP=1 is set" >&2
        exit 0
      fi
      keyscan=\(quoted(program))
      if [ ! -x "$keyscan" ]; then
        keyscan=$(command -v keyscan) || {
          echo "keyscan: \(hook.rawValue): there is no keyscan at" \(quoted(program)) >&2
          echo "keyscan: nor in PATH. Install it, run 'keyscan hook uninstall'," >&2
          echo "keyscan: or pass this once with KEYSCAN_SKIP=1." >&2
          exit 1
        }
      fi
      \(feed)"$keyscan" hook run \(hook.rawValue) "$@"

      """
  }

  /// `text` as one word of a shell command.
  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}
