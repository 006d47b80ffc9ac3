internal import DICOMCore
internal import DICOMFiles

/// An image that is open to take frames from it, by one task: read here where its frames lie in the file as they are, else
/// decoded in a child.
final class DecodedObject {
  private let plain: PlainImage?
  private var decoded: ImageReader?
  let attributes: DataSet
  let format: ImageFormat
  let frameCount: Int

  init(_ source: ElementFile, _ path: String, _ decoder: FileDecoder) throws(DICOMFileError) {
    plain = PlainImage(source)
    if let plain {
      (attributes, format, frameCount) = (plain.attributes, plain.format, plain.frameCount)
    } else {
      let image = try decoder.open(path, frame: 0)
      (attributes, format, frameCount) = (image.header.dataSet, image.format, image.frameCount)
      decoded = consume image
    }
  }

  func frame(_ index: Int) throws(DICOMFileError) -> StoredFrame {
    if let frame = try plain?.frame(index) { return frame }
    if let frame = try decoded?.frame(index) { return frame }
    throw .frameOutOfRange(index: index, count: frameCount)
  }
}
