internal import Matching

/// The ways in which a value is given to a name: in code, configuration files, shells and markup.
///
/// Everything is of bounded width, so that a rule that uses it is judged in a small window.
enum Assignment {
  /// What may stand after the name and still belongs to it: `_PROD`, `-2`.
  private static let suffix =
    #"(?i:[_-]?(?:prod|production|dev|development|stage|staging|test|live|local|ci|[0-9]{1,2}))?"#

  /// What ends the name where it is a text, a subscript or an argument.
  private static let close = #"[\\"'`\])]{0,4}"#

  /// A type between the name and the sign: `: String`, ` string`.
  private static let type = #"(?:(?::[ \t]{0,2}|[ \t]{1,4})[A-Za-z][A-Za-z0-9_.<>?&\[\]]{0,30})?"#

  private static let separators = [
    // NAME=v, name: v, name => v, name := v, a ?? v, a || v
    type + #"[ \t]{0,8}(?:=>|:=|\?=|\+=|={1,2}|:|\|\||\?\?)"#,
    // set("NAME", "v")
    #"[ \t]{0,4},"#,
    // setx NAME v, ENV NAME v, --name v
    #"[ \t]{1,8}"#,
    // <key>NAME</key> <string>v</string>
    #"</[a-z]{1,8}>\s{0,40}<[a-z]{1,8}>"#,
    // <NAME>v</NAME>
    #">"#,
    // - name: NAME, and in the next line value: v; <add key="NAME" value="v"/>
    #",?\s{1,60}["']?value["']?[ \t]{0,4}[:=]"#,
  ]

  /// Blanks, or a line's end before a quoted value, and what opens a text: `"`, `b'`, `\"`.
  private static let open =
    #"(?:[ \t]{0,8}(?:[A-Za-z@$]{0,2}\\{0,3}["'`]{1,3})?|[ \t]{0,4}\r?\n[ \t]{0,40}["'`])"#

  /// The pattern of a value that is given to a name.
  static func pattern(of value: String, assignedTo name: String) -> String {
    "(?i:\(name))\(suffix)\(close)(?:\(separators.joined(separator: "|")))\(open)(?:\(value))"
  }
}

extension Rule {
  /// The shape as the rule's file says it: of a value alone, where one is given to a name.
  package var valuePattern: String? {
    guard let shape else { return nil }
    guard let assignedTo else { return shape.pattern }
    let before = Assignment.pattern(of: "", assignedTo: assignedTo).dropLast()
    return String(shape.pattern.dropFirst(before.count).dropLast())
  }
}
