// Data elements of presentation states, from PS3.6 chapter 6.

extension Tag {
  /// (0008,1140) SQ, VM 1.
  package static let referencedImageSequence = Tag(0x0008, 0x1140)
  /// (0028,3110) SQ, VM 1.
  package static let softcopyVOILUTSequence = Tag(0x0028, 0x3110)
  /// (0070,0001) SQ, VM 1.
  package static let graphicAnnotationSequence = Tag(0x0070, 0x0001)
  /// (0070,0002) CS, VM 1.
  package static let graphicLayer = Tag(0x0070, 0x0002)
  /// (0070,0003) CS, VM 1.
  package static let boundingBoxAnnotationUnits = Tag(0x0070, 0x0003)
  /// (0070,0005) CS, VM 1.
  package static let graphicAnnotationUnits = Tag(0x0070, 0x0005)
  /// (0070,0006) ST, VM 1.
  package static let unformattedTextValue = Tag(0x0070, 0x0006)
  /// (0070,0008) SQ, VM 1.
  package static let textObjectSequence = Tag(0x0070, 0x0008)
  /// (0070,0009) SQ, VM 1.
  package static let graphicObjectSequence = Tag(0x0070, 0x0009)
  /// (0070,0010) FL, VM 2.
  package static let boundingBoxTopLeftHandCorner = Tag(0x0070, 0x0010)
  /// (0070,0011) FL, VM 2.
  package static let boundingBoxBottomRightHandCorner = Tag(0x0070, 0x0011)
  /// (0070,0012) CS, VM 1.
  package static let boundingBoxTextHorizontalJustification = Tag(0x0070, 0x0012)
  /// (0070,0020) US, VM 1.
  package static let graphicDimensions = Tag(0x0070, 0x0020)
  /// (0070,0021) US, VM 1.
  package static let numberOfGraphicPoints = Tag(0x0070, 0x0021)
  /// (0070,0022) FL, VM 2-n.
  package static let graphicData = Tag(0x0070, 0x0022)
  /// (0070,0023) CS, VM 1.
  package static let graphicType = Tag(0x0070, 0x0023)
  /// (0070,0024) CS, VM 1.
  package static let graphicFilled = Tag(0x0070, 0x0024)
  /// (0070,0052) SL, VM 2.
  package static let displayedAreaTopLeftHandCorner = Tag(0x0070, 0x0052)
  /// (0070,0053) SL, VM 2.
  package static let displayedAreaBottomRightHandCorner = Tag(0x0070, 0x0053)
  /// (0070,005A) SQ, VM 1.
  package static let displayedAreaSelectionSequence = Tag(0x0070, 0x005A)
  /// (0070,0060) SQ, VM 1.
  package static let graphicLayerSequence = Tag(0x0070, 0x0060)
  /// (0070,0062) IS, VM 1.
  package static let graphicLayerOrder = Tag(0x0070, 0x0062)
  /// (0070,0068) LO, VM 1.
  package static let graphicLayerDescription = Tag(0x0070, 0x0068)
  /// (0070,0080) CS, VM 1.
  package static let contentLabel = Tag(0x0070, 0x0080)
  /// (0070,0081) LO, VM 1.
  package static let contentDescription = Tag(0x0070, 0x0081)
  /// (0070,0082) DA, VM 1.
  package static let presentationCreationDate = Tag(0x0070, 0x0082)
  /// (0070,0083) TM, VM 1.
  package static let presentationCreationTime = Tag(0x0070, 0x0083)
  /// (0070,0084) PN, VM 1.
  package static let contentCreatorName = Tag(0x0070, 0x0084)
  /// (0070,0100) CS, VM 1.
  package static let presentationSizeMode = Tag(0x0070, 0x0100)
  /// (0070,0101) DS, VM 2.
  package static let presentationPixelSpacing = Tag(0x0070, 0x0101)
  /// (0070,0102) IS, VM 2.
  package static let presentationPixelAspectRatio = Tag(0x0070, 0x0102)
}

extension UID {
  /// Grayscale Softcopy Presentation State Storage.
  package static let grayscaleSoftcopyPresentationStateStorage = UID(wellKnown: "1.2.840.10008.5.1.4.1.1.11.1")
}
