import Files
import Testing

@testable import HTTPS

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

@Suite struct AddressGuardTests {
  @Test(arguments: [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
    "126.255.255.255", "128.0.0.1", "142.250.0.10", "169.253.255.255", "169.255.0.0",
    "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.167.255.255", "192.169.0.0",
    "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255",
    "203.0.114.0", "223.255.255.255", "2001:200::1", "2001:4860:4860::8888", "2606:4700::1111",
    "2a00:1450:4001:800::200a", "3ffe::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8",
  ])
  func `a public address is one`(_ text: String) throws {
    #expect(AddressGuard.isPublic(try #require(IPAddress(text))))
  }

  @Test(arguments: [
    "0.0.0.0", "0.255.255.255", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.127.255.255",
    "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.1",
    "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.0", "198.19.255.255",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1",
    "64:ff9b:1::8.8.8.8", "100::1", "2001::1", "2001:2::1", "2001:10::1", "2001:db8::1",
    "2002:808:808::1", "2002:7f00:1::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd12::1",
    "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1",
  ])
  func `any other address is refused`(_ text: String) throws {
    #expect(!AddressGuard.isPublic(try #require(IPAddress(text))))
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.8.9.1", true), ("::1", true), ("128.0.0.1", false), ("::", false),
    ("::2", false), ("0.0.0.0", false), ("::ffff:127.0.0.1", false),
  ])
  func `loopback is known`(_ text: String, _ isLoopback: Bool) throws {
    #expect(AddressGuard.isLoopback(try #require(IPAddress(text))) == isLoopback)
  }

  @Test(arguments: [
    "1.2.3.4", "255.255.255.255", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::",
    "::2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "ABCD:ef01::", "fe80::1:2",
    // None of these is an address.
    "", ".", ":", ":::", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "1.2.3.-4", "1.2.3.+4",
    "127.1", "0x7f.0.0.1", "2130706433", "1.2.3.4 ", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
    "1::2::3", "12345::", "g::", "::1.2.3.4.5", "1.2.3.4::", "::1%lo", "[::1]", "1:2:3:4:5:6:7::8",
    ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "localhost",
  ])
  func `addresses are read as the system reads them`(_ text: String) {
    var four = in_addr()
    var six = in6_addr()
    var expected: [UInt8]?
    if inet_pton(AF_INET, text, &four) == 1 {
      expected = withUnsafeBytes(of: four) { Array($0) }
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      expected = withUnsafeBytes(of: six) { Array($0) }
    }
    #expect(IPAddress(text)?.bytes == expected)
    if let address = IPAddress(text) { #expect(IPAddress(address.description) == address) }
  }

  @Test func `the system resolves what needs no network`() {
    #expect(HostAddresses.look(up: "127.0.0.1") == [[127, 0, 0, 1]])
    #expect(HostAddresses.look(up: "::1") == [[UInt8](repeating: 0, count: 15) + [1]])
    // Another way to write the same, which gets no further than the plain one.
    #expect(HostAddresses.look(up: "0x7f.1") == [[127, 0, 0, 1]])
    #expect(HostAddresses.look(up: "") == [])
  }
}
