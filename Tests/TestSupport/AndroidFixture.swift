/// The binary files of an Android app, made for a test.
package enum AndroidFixture {
  private static func short(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }

  private static func word(_ value: Int) -> [UInt8] { short(value) + short(value >> 16) }

  private static func pool(_ texts: [String], isUTF8: Bool) -> [UInt8] {
    var offsets: [UInt8] = []
    var data: [UInt8] = []
    for text in texts {
      offsets += word(data.count)
      if isUTF8 {
        data += [UInt8(text.count), UInt8(text.utf8.count)] + Array(text.utf8) + [0]
      } else {
        data += short(text.utf16.count) + text.utf16.flatMap { short(Int($0)) } + [0, 0]
      }
    }
    while !data.count.isMultiple(of: 4) { data.append(0) }
    let start = 28 + offsets.count
    return short(1) + short(28) + word(start + data.count) + word(texts.count) + word(0)
      + word(isUTF8 ? 0x100 : 0) + word(start) + word(0) + offsets + data
  }

  /// A table of resources with string resources.
  package static func resources(_ strings: [String: String], isUTF8: Bool = true) -> [UInt8] {
    let keys = strings.keys.sorted()
    let values = pool(keys.map { strings[$0] ?? "" }, isUTF8: isUTF8)
    let (typeNames, keyNames) = (pool(["string"], isUTF8: isUTF8), pool(keys, isUTF8: true))
    let configuration = word(16) + [UInt8](repeating: 0, count: 12)
    let head = 20 + configuration.count
    var offsets: [UInt8] = []
    var entries: [UInt8] = []
    for i in keys.indices {
      offsets += word(entries.count)
      entries += short(8) + short(0) + word(i) + short(8) + [0, 3] + word(i)
    }
    let size = head + offsets.count + entries.count
    let type =
      short(0x201) + short(head) + word(size) + [1, 0, 0, 0] + word(keys.count)
      + word(head + offsets.count) + configuration + offsets + entries
    let packageHead = 288
    var package = word(0x7F) + [UInt8](repeating: 0, count: 256)
    package += word(packageHead) + word(1) + word(packageHead + typeNames.count)
    package += word(keys.count) + word(0)
    package += typeNames + keyNames + type
    package = short(0x200) + short(packageHead) + word(8 + package.count) + package
    return short(2) + short(12) + word(12 + values.count + package.count) + word(1) + values
      + package
  }

  /// Binary XML with one element.
  package static func manifest(element: String, _ attributes: [String: String]) -> [UInt8] {
    let names = attributes.keys.sorted()
    let texts =
      [element, "http://schemas.android.com/apk/res/android"] + names
      + names.map { attributes[$0] ?? "" }
    var body = word(0xFFFF_FFFF) + word(0) + short(20) + short(20) + short(names.count)
    body += short(0) + short(0) + short(0)
    for i in names.indices {
      let value = word(2 + names.count + i)
      body += word(1) + word(2 + i) + value + short(8) + [0, 3] + value
    }
    let start =
      short(0x102) + short(16) + word(16 + body.count) + word(1) + word(0xFFFF_FFFF) + body
    let end =
      short(0x103) + short(16) + word(24) + word(1) + word(0xFFFF_FFFF) + word(0xFFFF_FFFF)
      + word(0)
    let pool = pool(texts, isUTF8: false)
    return short(3) + short(8) + word(8 + pool.count + start.count + end.count) + pool + start + end
  }
}
