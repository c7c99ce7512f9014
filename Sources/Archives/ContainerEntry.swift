package import Files

/// Something that stands in a container.
package struct ContainerEntry: ~Copyable {
  /// As the container names it; empty for the text that the whole container is.
  package let name: [UInt8]
  /// Its bytes, as far as they were read.
  package let bytes: ByteBuffer
  /// Why not all of it was read; `nil` if it was.
  package let fault: ContainerFault?

  init(_ name: [UInt8], _ bytes: consuming ByteBuffer, fault: ContainerFault? = nil) {
    (self.name, self.fault) = (name, fault)
    self.bytes = bytes
  }

  init(_ name: [UInt8], _ text: [UInt8], fault: ContainerFault? = nil) {
    (self.name, self.fault) = (name, fault)
    bytes = ByteBuffer(text)
  }

  /// Its bytes, for whoever keeps them.
  package consuming func takeBytes() -> ByteBuffer { bytes }
}

extension ByteBuffer {
  /// A buffer that holds `bytes` and nothing else.
  package init(_ bytes: [UInt8]) {
    self.init(capacity: max(1, bytes.count))
    append(bytes.span)
  }
}
