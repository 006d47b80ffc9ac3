import DICOMCore
import DICOMFiles
import TestSupport
import Testing

/// Encapsulated objects: code streams come from the writer, the objects around them are built by hand.
struct EncapsulatedObjects {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The fragments of frames written by the writer, one a frame.
  func streams(_ transferSyntax: UID, _ frames: [StoredFrame]) throws -> [[UInt8]] {
    let path = folder.path("streams.dcm")
    try DICOMFileWriter.write(
      SampleObjects.secondaryCapture(), transferSyntax: transferSyntax, frames: frames, to: path)
    let bytes = try folder.read("streams.dcm")
    // Pixel Data is the last element: find its header, then walk the items.
    let header: [UInt8] = [0xE0, 0x7F, 0x10, 0x00, 0x4F, 0x42, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
    let start = try #require((0..<bytes.count - 12).first { Array(bytes[$0..<$0 + 12]) == header })
    var (offset, fragments): (Int, [[UInt8]]) = (start + 12, [])
    while bytes[offset + 2] == 0x00 {
      let length = (0..<4).reduce(0) { $0 | Int(bytes[offset + 4 + $1]) << (8 * $1) }
      fragments.append(Array(bytes[offset + 8..<offset + 8 + length]))
      offset += 8 + length
    }
    return Array(fragments.dropFirst())
  }

  func open(_ transferSyntax: UID, _ build: (inout DICOMBytes) -> Void) throws -> DICOMFile {
    var dataSet = DICOMBytes()
    build(&dataSet)
    return try DICOMFile(path: folder.write(DICOMBytes.file(transferSyntax, dataSet.bytes), to: "image.dcm"))
  }
}
