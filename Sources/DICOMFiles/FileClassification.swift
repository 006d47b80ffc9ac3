internal import CDCMTK
package import DICOMCore

/// An image that passed every check short of decoding.
package struct ImageCandidate: Sendable, Equatable {
  package let file: InputFile
  package let identity: InstanceIdentity
  /// A brief header (``DICOMHeader/Extent/brief``): enough to select by and to report with.
  package let header: DICOMHeader
  package let format: ImageFormat
  package let frameCount: Int
  /// The file ends inside its pixel data, although all frames are there.
  package let isCut: Bool

  /// Instance Number (0020,0013), when there is one.
  package var instanceNumber: Int? { header.dataSet.integer(.instanceNumber) }
}

/// The verdict on one input file, from its header alone.
package enum FileClassification: Sendable, Equatable {
  case image(ImageCandidate)
  /// With the header as far as it could be read: a study must not be lost because its images are.
  case refused(InputRefusal, header: DICOMHeader?)

  /// Opens the file, checks it and lets it go; pixel data is not read.
  package init(of file: InputFile) {
    do throws(DICOMFileError) {
      self = try Self.verdict(on: file, SourceFile(opening: file.path))
    } catch {
      self = .refused(InputRefusal(source: file.source, error: error), header: nil)
    }
  }

  /// The same from a file that is open already.
  ///
  /// - Throws: `memoryExceeded` alone: no verdict, as the file has not been parsed.
  static func verdict(on file: InputFile, _ source: SourceFile) throws(DICOMFileError) -> Self {
    do throws(DICOMFileError) {
      try FileStart.check(source)
      let extent = ReadingExtent(isBrief: true)
      let handle = try ObjectHandle.open(source, extent)
      return self.init(of: file, try DICOMHeader(of: handle, extent), handle)
    } catch {
      if case .memoryExceeded = error { throw error }
      return .refused(InputRefusal(source: file.source, error: error), header: remains(of: source, error))
    }
  }

  /// The header of a file whose pixel data is cut short or impossible: whose study it is can still be told.
  private static func remains(of source: SourceFile, _ error: DICOMFileError) -> DICOMHeader? {
    switch error {
    case .truncated: break
    case .structure(let finding) where finding.rule.concernsPixelsAlone: break
    default: return nil
    }
    do throws(DICOMFileError) {
      return try DICOMHeader(of: ObjectHandle(openingBeforePixels: source), ReadingExtent(isBrief: true))
    } catch {
      return nil
    }
  }

  private init(of file: InputFile, _ header: DICOMHeader, _ handle: consuming ObjectHandle) {
    do throws(DICOMFileError) {
      if let refusal = try Self.refusalOfNonImage(header, handle, file) {
        self = .refused(refusal, header: header)
      } else {
        self = .image(try Self.candidate(file, header, handle))
      }
    } catch {
      self = .refused(InputRefusal(source: file.source, error: error), header: header)
    }
  }

  private static func candidate(
    _ file: InputFile, _ header: DICOMHeader, _ handle: consuming ObjectHandle
  ) throws(DICOMFileError) -> ImageCandidate {
    let image = try DICOMFile(handle, header)
    do throws(MissingAttribute) {
      return ImageCandidate(
        file: file, identity: try InstanceIdentity(of: header.dataSet), header: header, format: image.format,
        frameCount: image.frameCount, isCut: image.isCut)
    } catch {
      throw .missingAttribute(error.tag)
    }
  }

  /// Objects without pixel data: the media directory, and documents, plans, states and the like.
  private static func refusalOfNonImage(
    _ header: DICOMHeader, _ handle: borrowing ObjectHandle, _ file: InputFile
  ) throws(DICOMFileError) -> InputRefusal? {
    let stated = UID(String(decoding: try handle.metaValue(of: .mediaStorageSOPClassUID), as: UTF8.self))
    if stated == .mediaStorageDirectoryStorage || header.dataSet.contains(.directoryRecordSequence) {
      return InputRefusal(source: file.source, reason: .dicomdir, detail: "a media directory")
    }
    guard !handle.hasPixels else { return nil }
    guard let sopClass = header.dataSet.uid(.sopClassUID) ?? stated else { throw .missingAttribute(.sopClassUID) }
    let name = SOPClass.keyword(sopClass)
    // An image class without Pixel Data is a damaged image, not a document.
    if let name, name.contains("ImageStorage") { return nil }
    return InputRefusal(source: file.source, reason: .nonImage, detail: name ?? "SOP class \(sopClass)")
  }
}

/// Names of SOP classes.
package enum SOPClass {
  /// The keyword of PS3.6 annex A, such as `ComprehensiveSRStorage`; `nil` for a class DCMTK does not know.
  package static func keyword(_ uid: UID) -> String? {
    guard let name = unsafe cdcmtk_uid_keyword(uid.value) else { return nil }
    return unsafe String(cString: name)
  }
}
