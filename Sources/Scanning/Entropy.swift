#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// How unpredictable `bytes` are, in bits a byte, from 0 to 8.
///
/// This is the Shannon entropy of how often each byte occurs. Forty random base64 digits score
/// near 4.8, an English word under 3.5.
func entropy(of bytes: [UInt8]) -> Double {
  guard !bytes.isEmpty else { return 0 }
  var counts = [Int](repeating: 0, count: 256)
  for byte in bytes { counts[Int(byte)] += 1 }
  return counts.reduce(0.0) { bits, count in
    guard count > 0 else { return bits }
    let share = Double(count) / Double(bytes.count)
    return bits - share * log2(share)
  }
}

/// About how many guesses `secret` withstands, in bits: entropy times length.
package func strength(of secret: [UInt8]) -> Double {
  entropy(of: secret) * Double(secret.count)
}
