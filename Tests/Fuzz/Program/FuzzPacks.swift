import Foundation
import FuzzInputs

/// Where the files of an input are put, in memory if the system has such a place.
private let folder: String = {
  let memory = "/dev/shm"
  let base = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
  let folder = "\(base)/keyscan-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
  try? FileManager.default.createDirectory(
    atPath: folder, withIntermediateDirectories: true, attributes: nil)
  return folder
}()

/// What libFuzzer calls with everything it makes up.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  FuzzInput(Array(UnsafeBufferPointer(start: start, count: count)))?.read(in: folder)
  return 0
}
