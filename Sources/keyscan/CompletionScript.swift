import ArgumentParser

/// What a shell reads so that it can complete keyscan's command lines.
///
/// The argument parser's own scripts know the options of `keyscan scan`, but not that `keyscan`
/// alone means it. What is added reads a command line without a command as one of scan.
enum CompletionScript {
  /// The script, if a command line asks for one; without a shell's name, that of the user's.
  static func asked(for arguments: [String]) -> String? {
    guard arguments.first == "--generate-completion-script", arguments.count <= 2 else {
      return nil
    }
    let shell =
      arguments.count == 2 ? CompletionShell(rawValue: arguments[1]) : .autodetected()
    return shell.map { script(for: $0) }
  }

  /// The words that begin another command line than one of scan.
  private static let commands =
    Keyscan.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]

  private static func script(for shell: CompletionShell) -> String {
    let script = Keyscan.completionScript(for: shell)
    if shell == .bash { return script + bash }
    return shell == .zsh ? zsh(script) : fish(script)
  }

  /// A function around the generated one; `complete` goes by what it is told last.
  private static let bash = """


    # A command line without a command is one of scan.
    _keyscan_or_scan() {
        local cur="${2}"
        case " \(commands.joined(separator: " ")) " in
        *" ${COMP_WORDS[1]} "*)
            [[ "${COMP_CWORD}" -gt 1 ]] && _keyscan "${@}" && return
            ;;
        esac
        if [[ "${COMP_CWORD}" -eq 1 && "${cur}" != -* ]]; then
            _keyscan "${@}"
            local path
            while IFS='' read -r path; do
                COMPREPLY+=("${path}")
            done < <(compgen -f -- "${cur}")
            return
        fi
        local COMP_LINE="${COMP_WORDS[0]} scan${COMP_LINE#*"${COMP_WORDS[0]}"}"
        local -i COMP_POINT="$((COMP_POINT + 5))" COMP_CWORD="$((COMP_CWORD + 1))"
        local -a COMP_WORDS=("${COMP_WORDS[0]}" scan "${COMP_WORDS[@]:1}")
        _keyscan "${@}"
        # What follows a format's equals sign follows it at once.
        [[ "${#COMPREPLY[@]}" -eq 1 && "${COMPREPLY[0]}" = *= ]] && compopt -o nospace 2>/dev/null
        return 0
    }

    complete -o filenames -F _keyscan_or_scan keyscan
    """ + "\n"

  private static func zsh(_ script: String) -> String {
    let first = #"    local -r command_name="${words[1]}""#
    let described = "        _describe -V subcommand subcommands && ret=0"
    return script.replacing(first, with: zshScan + first, maxReplacements: 1)
      .replacing(described, with: described + "\n        _files && ret=0", maxReplacements: 1)
      + "\n"
  }

  private static let zshScan = """
        # A command line without a command is one of scan.
        if [[ CURRENT -gt 2 || "${words[CURRENT]}" = -* ]] \\
            && [[ "${words[2]}" != (\(commands.joined(separator: "|"))) ]]; then
            words=("${words[1]}" scan "${(@)words[2,-1]}")
            (( CURRENT++ ))
        fi

    """

  private static func fish(_ script: String) -> String {
    let first = "    set -l unparsed_tokens (__keyscan_tokens -pc)"
    return script.replacing(first, with: first + fishScan, maxReplacements: 1) + fishFiles
  }

  private static let fishScan = """

        # A command line without a command is one of scan.
        set -l first $unparsed_tokens[2] (commandline -ct)
        if not contains -- "$first[1]" \(commands.joined(separator: " "))
            if test (count $unparsed_tokens) -gt 1; or string match -q -- '-*' "$first[1]"
                set unparsed_tokens $unparsed_tokens[1] scan $unparsed_tokens[2..]
            end
        end
    """

  private static let fishFiles = """

    complete -c 'keyscan' -n '__keyscan_should_offer_completions_for_positional "keyscan" -eq 1' -F

    """
}
