package import DICOMCore

/// Why a file cannot be read, decoded or written. Holds facts about structure, never attribute values of a patient.
package enum DICOMFileError: Error, Sendable, Equatable {
  // MARK: The file

  case permissionDenied
  /// The operating system refuses; `errno` of the failing call.
  case unreadable(errno: Int32)
  /// A pipe, socket, device or directory.
  case notARegularFile
  /// The name is no UTF-8 text and cannot be passed on.
  case undecodableName
  case emptyFile

  // MARK: The data set

  case notDICOM
  /// The file ends inside an element; `detail` is DCMTK's condition.
  case truncated(detail: String)
  case malformed(detail: String)
  /// Sequences nested deeper than the limit.
  case nestingTooDeep(limit: Int)
  /// A rule of the pre-scan is broken.
  case structure(PreScanFinding)
  case missingAttribute(Tag)
  /// A value that the image cannot have, such as High Bit above Bits Allocated.
  case invalidAttribute(Tag, found: Int)
  /// A value of the right kind that is not supported here, such as 64 bits allocated.
  case unsupportedAttribute(Tag, found: String)
  case unsupportedTransferSyntax(UID)
  /// Native pixel data shorter than Rows, Columns, samples, bits and frames ask for; lengths in bytes.
  case pixelDataTooShort(expected: Int, found: Int)
  /// A header takes more bytes than may be handed over.
  case headerTooLarge(bytes: Int, limit: Int)
  /// One frame needs more bytes than allowed.
  case frameTooLarge(bytes: Int, limit: Int)
  /// Fewer code streams than frames, or no way to tell where a frame starts.
  case unassignableFragments(fragments: Int, frames: Int)

  // MARK: A frame

  case frameOutOfRange(index: Int, count: Int)
  /// The code stream says something else than the attribute.
  case codeStreamMismatch(Tag, attribute: Int, codeStream: Int)
  case undecodableFrame(index: Int, detail: String)

  // MARK: The process

  /// More memory than may be had: in a decoder child more than its limit.
  case outOfMemory
  /// To read it would take so many bytes of memory, in all processes together.
  case memoryExceeded(needed: Int, limit: Int)
  /// The file broke two decoder children, one after the other.
  case decoderLost(DecoderLoss)

  // MARK: Writing

  case cannotWrite(errno: Int32)
  case cannotEncode(detail: String)
  /// Frames that differ in format, or a data set and frames that contradict each other.
  case inconsistentFrames
  /// Text outside ISO 646 needs Specific Character Set ISO_IR 192.
  case characterSetMissing(Tag)
  /// The value cannot be written with the VR it carries.
  case unwritableValue(Tag)
}

extension DICOMFileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .permissionDenied: "no permission to read"
    case .unreadable(let code): "cannot be read: \(SystemError.text(code))"
    case .notARegularFile: "not a regular file"
    case .undecodableName: "the file name is not UTF-8"
    case .emptyFile: "the file is empty"
    case .notDICOM: "neither a DICOM preamble nor a DICOM data element at the start"
    case .truncated(let detail): "the file ends too early: \(detail)"
    case .malformed(let detail): "not a well-formed data set: \(detail)"
    case .nestingTooDeep(let limit): "sequences are nested more than \(limit) deep"
    case .structure(let finding): finding.description
    case .missingAttribute(let tag): "\(tag) is missing or has no usable value"
    case .invalidAttribute(let tag, let found): "\(tag) cannot be \(found) here"
    case .unsupportedAttribute(let tag, let found): "\(tag) \(found) is not supported"
    case .unsupportedTransferSyntax(let uid): TransferSyntax.describe(uid) + " is not supported"
    case .pixelDataTooShort(let expected, let found):
      "the image attributes ask for \(expected) bytes of pixel data, there are \(found)"
    case .headerTooLarge(let bytes, let limit): "a header of \(bytes) bytes, at most \(limit) are allowed"
    case .frameTooLarge(let bytes, let limit): "a frame of \(bytes) bytes, at most \(limit) are allowed"
    case .unassignableFragments(let fragments, let frames):
      "\(fragments) fragments cannot be assigned to \(frames) frames"
    default: actionDescription
    }
  }

  private var actionDescription: String {
    switch self {
    case .frameOutOfRange(let index, let count): "frame \(index + 1) of \(count) does not exist"
    case .codeStreamMismatch(let tag, let attribute, let codeStream):
      "\(tag) is \(attribute), but the code stream says \(codeStream)"
    case .undecodableFrame(let index, let detail): "frame \(index + 1) cannot be decoded: \(detail)"
    case .outOfMemory: "takes more memory to read than is allowed"
    case .memoryExceeded(let needed, let limit):
      "takes \(needed) bytes of memory to read, at most \(limit) are allowed"
    case .decoderLost(let loss): "the decoder child \(loss)"
    case .cannotWrite(let code): "cannot be written: \(SystemError.text(code))"
    case .cannotEncode(let detail): "cannot be encoded: \(detail)"
    case .inconsistentFrames: "the frames disagree with each other or with the data set"
    case .characterSetMissing(let tag): "\(tag) holds text that needs Specific Character Set ISO_IR 192"
    case .unwritableValue(let tag): "the value of \(tag) does not fit its VR"
    default: "unknown error"
    }
  }
}
