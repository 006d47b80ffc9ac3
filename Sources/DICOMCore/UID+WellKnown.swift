// Well-known UIDs this project uses, from PS3.6 annex A.

extension UID {
  // MARK: Transfer syntaxes

  /// Implicit VR Little Endian.
  package static let implicitVRLittleEndian = UID(wellKnown: "1.2.840.10008.1.2")
  /// Explicit VR Little Endian.
  package static let explicitVRLittleEndian = UID(wellKnown: "1.2.840.10008.1.2.1")
  /// Deflated Explicit VR Little Endian.
  package static let deflatedExplicitVRLittleEndian = UID(wellKnown: "1.2.840.10008.1.2.1.99")
  /// Explicit VR Big Endian.
  package static let explicitVRBigEndian = UID(wellKnown: "1.2.840.10008.1.2.2")
  /// RLE Lossless.
  package static let rleLossless = UID(wellKnown: "1.2.840.10008.1.2.5")
  /// JPEG Baseline (Process 1).
  package static let jpegBaseline8Bit = UID(wellKnown: "1.2.840.10008.1.2.4.50")
  /// JPEG Extended (Process 2 and 4).
  package static let jpegExtended12Bit = UID(wellKnown: "1.2.840.10008.1.2.4.51")
  /// JPEG Lossless, Non-Hierarchical (Process 14).
  package static let jpegLossless = UID(wellKnown: "1.2.840.10008.1.2.4.57")
  /// JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14 [Selection Value 1]).
  package static let jpegLosslessSV1 = UID(wellKnown: "1.2.840.10008.1.2.4.70")
  /// JPEG-LS Lossless Image Compression.
  package static let jpegLSLossless = UID(wellKnown: "1.2.840.10008.1.2.4.80")
  /// JPEG-LS Lossy (Near-Lossless) Image Compression.
  package static let jpegLSNearLossless = UID(wellKnown: "1.2.840.10008.1.2.4.81")
  /// JPEG 2000 Image Compression (Lossless Only).
  package static let jpeg2000Lossless = UID(wellKnown: "1.2.840.10008.1.2.4.90")
  /// JPEG 2000 Image Compression.
  package static let jpeg2000 = UID(wellKnown: "1.2.840.10008.1.2.4.91")
  /// High-Throughput JPEG 2000 Image Compression (Lossless Only).
  package static let htj2kLossless = UID(wellKnown: "1.2.840.10008.1.2.4.201")
  /// High-Throughput JPEG 2000 with RPCL Options Image Compression (Lossless Only).
  package static let htj2kLosslessRPCL = UID(wellKnown: "1.2.840.10008.1.2.4.202")
  /// High-Throughput JPEG 2000 Image Compression.
  package static let htj2k = UID(wellKnown: "1.2.840.10008.1.2.4.203")
  /// Deflated Image Frame Compression.
  package static let deflatedImageFrame = UID(wellKnown: "1.2.840.10008.1.2.8.1")
  /// Encapsulated Uncompressed Explicit VR Little Endian.
  package static let encapsulatedUncompressedExplicitVRLittleEndian = UID(wellKnown: "1.2.840.10008.1.2.1.98")

  // MARK: SOP classes

  /// Media Storage Directory Storage.
  package static let mediaStorageDirectoryStorage = UID(wellKnown: "1.2.840.10008.1.3.10")
  /// Computed Radiography Image Storage.
  package static let computedRadiographyImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.1")
  /// Digital X-Ray Image Storage - For Presentation.
  package static let digitalXRayImageStorageForPresentation = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.1.1")
  /// Digital X-Ray Image Storage - For Processing.
  package static let digitalXRayImageStorageForProcessing = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.1.1.1")
  /// Digital Mammography X-Ray Image Storage - For Presentation.
  package static let digitalMammographyXRayImageStorageForPresentation = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.1.2")
  /// CT Image Storage.
  package static let ctImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.2")
  /// Enhanced CT Image Storage.
  package static let enhancedCTImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.2.1")
  /// Legacy Converted Enhanced CT Image Storage.
  package static let legacyConvertedEnhancedCTImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.2.2")
  /// MR Image Storage.
  package static let mrImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.4")
  /// Enhanced MR Image Storage.
  package static let enhancedMRImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.4.1")
  /// Ultrasound Image Storage.
  package static let ultrasoundImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.6.1")
  /// Ultrasound Multi-frame Image Storage.
  package static let ultrasoundMultiFrameImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.3.1")
  /// Nuclear Medicine Image Storage.
  package static let nuclearMedicineImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.20")
  /// Positron Emission Tomography Image Storage.
  package static let positronEmissionTomographyImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.128")
  /// X-Ray Angiographic Image Storage.
  package static let xRayAngiographicImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.12.1")
  /// X-Ray Radiofluoroscopic Image Storage.
  package static let xRayRadiofluoroscopicImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.12.2")
  /// Secondary Capture Image Storage.
  package static let secondaryCaptureImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.7")
  /// Multi-frame Grayscale Byte Secondary Capture Image Storage.
  package static let multiFrameGrayscaleByteSecondaryCaptureImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.7.2")
  /// Multi-frame Grayscale Word Secondary Capture Image Storage.
  package static let multiFrameGrayscaleWordSecondaryCaptureImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.7.3")
  /// Multi-frame True Color Secondary Capture Image Storage.
  package static let multiFrameTrueColorSecondaryCaptureImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.7.4")
  /// VL Whole Slide Microscopy Image Storage.
  package static let vlWholeSlideMicroscopyImageStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.77.1.6")
  /// Comprehensive 3D SR Storage.
  package static let comprehensive3DSRStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.88.34")
  /// Comprehensive SR Storage.
  package static let comprehensiveSRStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.88.33")
  /// Enhanced SR Storage.
  package static let enhancedSRStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.88.22")
  /// Basic Text SR Storage.
  package static let basicTextSRStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.88.11")
  /// Key Object Selection Document Storage.
  package static let keyObjectSelectionDocumentStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.88.59")
  /// Encapsulated PDF Storage.
  package static let encapsulatedPDFStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.104.1")
}
