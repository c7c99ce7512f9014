import Git
import Testing

struct RemoteAddressTests {
  @Test(arguments: [
    ("https://example.org/a/b.git", "https://example.org/a/b.git"),
    ("https://user:word@example.org/a/b.git?x=1", "https://example.org/a/b.git"),
    ("https://a@b@example.org/a", "https://example.org/a"),
    ("ssh://git@example.org:22/a", "ssh://example.org:22/a"),
    ("git@example.org:a/b.git", "ssh://example.org/a/b.git"),
    ("/home/somebody/a.git", nil), ("../a.git", nil), ("C:\\a", nil), ("C:/a", nil),
    ("file:///home/a", nil), ("https://", nil), ("ext::sh -c x", nil), ("a b:c", nil), ("", nil),
  ])
  func `an address is told without names and passwords, and only if others can use it`(
    address: String, expected: String?
  ) {
    #expect(RemoteAddress.shareable(address) == expected)
  }
}
