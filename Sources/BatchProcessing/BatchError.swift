package import DICOMFiles
internal import Glibc

/// Why a batch could not be started or finished; a bad input file is never one of these, it is a recorded outcome.
package enum BatchError: Error, Sendable, Equatable {
  /// An input path that does not exist.
  case inputMissing(path: String)
  /// The inputs hold no DICOM file at all.
  case noDICOMFound
  /// The output folder or a file in it cannot be created.
  case outputNotCreatable(path: String, errno: Int32)
  /// Writing failed part-way, for example on a full disk.
  case outputNotWritable(path: String, errno: Int32)
  /// Another run holds the output folder.
  case outputInUse(path: String)
  /// The model, pipeline, label set or windows do not fit what was asked for.
  case configuration(String)
  /// The precision has not been compared with 32-bit floats for this model, or has failed; says what to do.
  case precisionRefused(String)
  /// Fewer images than a comparison needs.
  case tooFewImages(found: Int, needed: Int)
  /// No decoder child can be had, so no file can be read.
  case decoderUnavailable(DecoderLoss)
  /// A mistake of Bucky itself, told as far as it is known.
  case unexpected(String)
  /// The user stopped the run.
  case cancelled
}

extension BatchError {
  /// The exit status of `sysexits.h` that says the same to a calling script.
  package var exitCode: Int32 {
    switch self {
    case .inputMissing, .noDICOMFound, .tooFewImages: 66
    case .precisionRefused: 69
    case .outputNotCreatable: 73
    case .outputNotWritable: 74
    case .outputInUse: 75
    case .decoderUnavailable(.notStarted(let code)) where [EAGAIN, ENOMEM, EMFILE, ENFILE].contains(code): 75
    case .configuration: 78
    case .unexpected, .decoderUnavailable: 70
    case .cancelled: 130
    }
  }
}

extension BatchError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .inputMissing(let path): "there is no file or folder at \(path)"
    case .noDICOMFound: "no DICOM file was found in the input"
    case .outputNotCreatable(let path, let code): "cannot create \(path): \(SystemCall.message(code))"
    case .outputNotWritable(let path, let code): "cannot write \(path): \(SystemCall.message(code))"
    case .outputInUse(let path): "another run is writing to \(path); wait for it, or choose another --output"
    case .configuration(let text): text
    case .precisionRefused(let text): text
    case .tooFewImages(let found, let needed):
      "\(found) images were embedded, \(needed) are needed to compare how they are ranked"
    case .decoderUnavailable(let loss): "files cannot be read: the decoder child \(loss); bucky doctor says more"
    case .unexpected(let text): "internal error: \(text)"
    case .cancelled: "stopped on request; what was finished is complete, the summary of the run was not written"
    }
  }
}

extension FileDecoder {
  /// Waits until a file can be read.
  ///
  /// - Throws: ``BatchError/decoderUnavailable(_:)``: better one error than every file quarantined.
  func checkIsAvailable() throws(BatchError) {
    guard case .children(let pool) = self else { return }
    do {
      try pool.start()
    } catch {
      // A run that was stopped has no children any more.
      throw Task.isCancelled ? .cancelled : .decoderUnavailable(error)
    }
  }
}
