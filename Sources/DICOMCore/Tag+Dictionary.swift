// Data elements this project uses, from PS3.6 chapter 6: keyword in lower camel case; tag, VR and VM in the comment.

extension Tag {
  // MARK: File meta information and character set

  /// (0002,0001) OB, VM 1.
  package static let fileMetaInformationVersion = Tag(0x0002, 0x0001)
  /// (0002,0002) UI, VM 1.
  package static let mediaStorageSOPClassUID = Tag(0x0002, 0x0002)
  /// (0002,0003) UI, VM 1.
  package static let mediaStorageSOPInstanceUID = Tag(0x0002, 0x0003)
  /// (0002,0010) UI, VM 1.
  package static let transferSyntaxUID = Tag(0x0002, 0x0010)
  /// (0002,0012) UI, VM 1.
  package static let implementationClassUID = Tag(0x0002, 0x0012)
  /// (0002,0013) SH, VM 1.
  package static let implementationVersionName = Tag(0x0002, 0x0013)
  /// (0008,0005) CS, VM 1-n.
  package static let specificCharacterSet = Tag(0x0008, 0x0005)

  // MARK: Patient

  /// (0010,0010) PN, VM 1.
  package static let patientName = Tag(0x0010, 0x0010)
  /// (0010,0020) LO, VM 1.
  package static let patientID = Tag(0x0010, 0x0020)
  /// (0010,0021) LO, VM 1.
  package static let issuerOfPatientID = Tag(0x0010, 0x0021)
  /// (0010,0030) DA, VM 1.
  package static let patientBirthDate = Tag(0x0010, 0x0030)
  /// (0010,0040) CS, VM 1.
  package static let patientSex = Tag(0x0010, 0x0040)
  /// (0010,1010) AS, VM 1.
  package static let patientAge = Tag(0x0010, 0x1010)
  /// (0012,0062) CS, VM 1.
  package static let patientIdentityRemoved = Tag(0x0012, 0x0062)
  /// (0012,0063) LO, VM 1-n.
  package static let deidentificationMethod = Tag(0x0012, 0x0063)
  /// (0012,0064) SQ, VM 1.
  package static let deidentificationMethodCodeSequence = Tag(0x0012, 0x0064)

  // MARK: Study

  /// (0008,0020) DA, VM 1.
  package static let studyDate = Tag(0x0008, 0x0020)
  /// (0008,0030) TM, VM 1.
  package static let studyTime = Tag(0x0008, 0x0030)
  /// (0008,0050) SH, VM 1.
  package static let accessionNumber = Tag(0x0008, 0x0050)
  /// (0008,0090) PN, VM 1.
  package static let referringPhysicianName = Tag(0x0008, 0x0090)
  /// (0008,0201) SH, VM 1.
  package static let timezoneOffsetFromUTC = Tag(0x0008, 0x0201)
  /// (0008,1030) LO, VM 1.
  package static let studyDescription = Tag(0x0008, 0x1030)
  /// (0020,000D) UI, VM 1.
  package static let studyInstanceUID = Tag(0x0020, 0x000D)
  /// (0020,0010) SH, VM 1.
  package static let studyID = Tag(0x0020, 0x0010)

  // MARK: Series and equipment

  /// (0008,0021) DA, VM 1.
  package static let seriesDate = Tag(0x0008, 0x0021)
  /// (0008,0031) TM, VM 1.
  package static let seriesTime = Tag(0x0008, 0x0031)
  /// (0008,0060) CS, VM 1.
  package static let modality = Tag(0x0008, 0x0060)
  /// (0008,0068) CS, VM 1.
  package static let presentationIntentType = Tag(0x0008, 0x0068)
  /// (0008,0070) LO, VM 1.
  package static let manufacturer = Tag(0x0008, 0x0070)
  /// (0008,0080) LO, VM 1.
  package static let institutionName = Tag(0x0008, 0x0080)
  /// (0008,1010) SH, VM 1.
  package static let stationName = Tag(0x0008, 0x1010)
  /// (0008,103E) LO, VM 1.
  package static let seriesDescription = Tag(0x0008, 0x103E)
  /// (0008,103F) SQ, VM 1.
  package static let seriesDescriptionCodeSequence = Tag(0x0008, 0x103F)
  /// (0008,1050) PN, VM 1-n.
  package static let performingPhysicianName = Tag(0x0008, 0x1050)
  /// (0008,1070) PN, VM 1-n.
  package static let operatorsName = Tag(0x0008, 0x1070)
  /// (0008,1090) LO, VM 1.
  package static let manufacturerModelName = Tag(0x0008, 0x1090)
  /// (0008,1111) SQ, VM 1.
  package static let referencedPerformedProcedureStepSequence = Tag(0x0008, 0x1111)
  /// (0008,2218) SQ, VM 1.
  package static let anatomicRegionSequence = Tag(0x0008, 0x2218)
  /// (0018,0015) CS, VM 1.
  package static let bodyPartExamined = Tag(0x0018, 0x0015)
  /// (0018,1000) LO, VM 1.
  package static let deviceSerialNumber = Tag(0x0018, 0x1000)
  /// (0018,1002) UI, VM 1.
  package static let deviceUID = Tag(0x0018, 0x1002)
  /// (0018,1020) LO, VM 1-n.
  package static let softwareVersions = Tag(0x0018, 0x1020)
  /// (0018,1030) LO, VM 1.
  package static let protocolName = Tag(0x0018, 0x1030)
  /// (0018,5100) CS, VM 1.
  package static let patientPosition = Tag(0x0018, 0x5100)
  /// (0018,5101) CS, VM 1.
  package static let viewPosition = Tag(0x0018, 0x5101)
  /// (0018,A001) SQ, VM 1.
  package static let contributingEquipmentSequence = Tag(0x0018, 0xA001)
  /// (0018,A002) DT, VM 1.
  package static let contributionDateTime = Tag(0x0018, 0xA002)
  /// (0018,A003) ST, VM 1.
  package static let contributionDescription = Tag(0x0018, 0xA003)
  /// (0020,000E) UI, VM 1.
  package static let seriesInstanceUID = Tag(0x0020, 0x000E)
  /// (0020,0011) IS, VM 1.
  package static let seriesNumber = Tag(0x0020, 0x0011)
  /// (0020,0020) CS, VM 2.
  package static let patientOrientation = Tag(0x0020, 0x0020)
  /// (0020,0060) CS, VM 1.
  package static let laterality = Tag(0x0020, 0x0060)
  /// (0020,0062) CS, VM 1.
  package static let imageLaterality = Tag(0x0020, 0x0062)
  /// (0040,0275) SQ, VM 1.
  package static let requestAttributesSequence = Tag(0x0040, 0x0275)
  /// (0040,A170) SQ, VM 1.
  package static let purposeOfReferenceCodeSequence = Tag(0x0040, 0xA170)
  /// (0054,0220) SQ, VM 1.
  package static let viewCodeSequence = Tag(0x0054, 0x0220)

  // MARK: Instance

  /// (0008,0008) CS, VM 2-n.
  package static let imageType = Tag(0x0008, 0x0008)
  /// (0008,0012) DA, VM 1.
  package static let instanceCreationDate = Tag(0x0008, 0x0012)
  /// (0008,0013) TM, VM 1.
  package static let instanceCreationTime = Tag(0x0008, 0x0013)
  /// (0008,0016) UI, VM 1.
  package static let sopClassUID = Tag(0x0008, 0x0016)
  /// (0008,0018) UI, VM 1.
  package static let sopInstanceUID = Tag(0x0008, 0x0018)
  /// (0008,0022) DA, VM 1.
  package static let acquisitionDate = Tag(0x0008, 0x0022)
  /// (0008,0023) DA, VM 1.
  package static let contentDate = Tag(0x0008, 0x0023)
  /// (0008,002A) DT, VM 1.
  package static let acquisitionDateTime = Tag(0x0008, 0x002A)
  /// (0008,0032) TM, VM 1.
  package static let acquisitionTime = Tag(0x0008, 0x0032)
  /// (0008,0033) TM, VM 1.
  package static let contentTime = Tag(0x0008, 0x0033)
  /// (0008,0064) CS, VM 1.
  package static let conversionType = Tag(0x0008, 0x0064)
  /// (0008,2111) ST, VM 1.
  package static let derivationDescription = Tag(0x0008, 0x2111)
  /// (0008,2112) SQ, VM 1.
  package static let sourceImageSequence = Tag(0x0008, 0x2112)
  /// (0018,0050) DS, VM 1.
  package static let sliceThickness = Tag(0x0018, 0x0050)
  /// (0018,0060) DS, VM 1.
  package static let kvp = Tag(0x0018, 0x0060)
  /// (0018,0088) DS, VM 1.
  package static let spacingBetweenSlices = Tag(0x0018, 0x0088)
  /// (0018,1063) DS, VM 1.
  package static let frameTime = Tag(0x0018, 0x1063)
  /// (0018,1164) DS, VM 2.
  package static let imagerPixelSpacing = Tag(0x0018, 0x1164)
  /// (0020,0012) IS, VM 1.
  package static let acquisitionNumber = Tag(0x0020, 0x0012)
  /// (0020,4000) LT, VM 1.
  package static let imageComments = Tag(0x0020, 0x4000)
  /// (0020,0013) IS, VM 1.
  package static let instanceNumber = Tag(0x0020, 0x0013)
  /// (0020,0032) DS, VM 3.
  package static let imagePositionPatient = Tag(0x0020, 0x0032)
  /// (0020,0037) DS, VM 6.
  package static let imageOrientationPatient = Tag(0x0020, 0x0037)
  /// (0020,0052) UI, VM 1.
  package static let frameOfReferenceUID = Tag(0x0020, 0x0052)
  /// (0020,1040) LO, VM 1.
  package static let positionReferenceIndicator = Tag(0x0020, 0x1040)
  /// (0020,1041) DS, VM 1.
  package static let sliceLocation = Tag(0x0020, 0x1041)
  /// (0028,0009) AT, VM 1-n.
  package static let frameIncrementPointer = Tag(0x0028, 0x0009)
  /// (0028,0030) DS, VM 2.
  package static let pixelSpacing = Tag(0x0028, 0x0030)
  /// (0028,0300) CS, VM 1.
  package static let qualityControlImage = Tag(0x0028, 0x0300)
  /// (0028,0301) CS, VM 1.
  package static let burnedInAnnotation = Tag(0x0028, 0x0301)
  /// (0028,2110) CS, VM 1.
  package static let lossyImageCompression = Tag(0x0028, 0x2110)
  /// (0028,2112) DS, VM 1-n.
  package static let lossyImageCompressionRatio = Tag(0x0028, 0x2112)
  /// (0028,2114) CS, VM 1-n.
  package static let lossyImageCompressionMethod = Tag(0x0028, 0x2114)

  // MARK: Digital X-ray

  /// (0018,1004) LO, VM 1.
  package static let plateID = Tag(0x0018, 0x1004)
  /// (0018,1110) DS, VM 1.
  package static let distanceSourceToDetector = Tag(0x0018, 0x1110)
  /// (0018,1111) DS, VM 1.
  package static let distanceSourceToPatient = Tag(0x0018, 0x1111)
  /// (0018,1152) IS, VM 1.
  package static let exposure = Tag(0x0018, 0x1152)
  /// (0018,1400) LO, VM 1.
  package static let acquisitionDeviceProcessingDescription = Tag(0x0018, 0x1400)
  /// (0018,1402) CS, VM 1.
  package static let cassetteOrientation = Tag(0x0018, 0x1402)
  /// (0018,1508) CS, VM 1.
  package static let positionerType = Tag(0x0018, 0x1508)
  /// (0018,7004) CS, VM 1.
  package static let detectorType = Tag(0x0018, 0x7004)
  /// (0018,700A) SH, VM 1.
  package static let detectorID = Tag(0x0018, 0x700A)
  /// (0028,1040) CS, VM 1.
  package static let pixelIntensityRelationship = Tag(0x0028, 0x1040)
  /// (0028,1041) SS, VM 1.
  package static let pixelIntensityRelationshipSign = Tag(0x0028, 0x1041)

  // MARK: Image pixel

  /// (0028,0002) US, VM 1.
  package static let samplesPerPixel = Tag(0x0028, 0x0002)
  /// (0028,0004) CS, VM 1.
  package static let photometricInterpretation = Tag(0x0028, 0x0004)
  /// (0028,0006) US, VM 1.
  package static let planarConfiguration = Tag(0x0028, 0x0006)
  /// (0028,0008) IS, VM 1.
  package static let numberOfFrames = Tag(0x0028, 0x0008)
  /// (0028,0010) US, VM 1.
  package static let rows = Tag(0x0028, 0x0010)
  /// (0028,0011) US, VM 1.
  package static let columns = Tag(0x0028, 0x0011)
  /// (0028,0034) IS, VM 2.
  package static let pixelAspectRatio = Tag(0x0028, 0x0034)
  /// (0028,0100) US, VM 1.
  package static let bitsAllocated = Tag(0x0028, 0x0100)
  /// (0028,0101) US, VM 1.
  package static let bitsStored = Tag(0x0028, 0x0101)
  /// (0028,0102) US, VM 1.
  package static let highBit = Tag(0x0028, 0x0102)
  /// (0028,0103) US, VM 1.
  package static let pixelRepresentation = Tag(0x0028, 0x0103)
  /// (0028,0106) US or SS, VM 1.
  package static let smallestImagePixelValue = Tag(0x0028, 0x0106)
  /// (0028,0107) US or SS, VM 1.
  package static let largestImagePixelValue = Tag(0x0028, 0x0107)
  /// (0028,0120) US or SS, VM 1.
  package static let pixelPaddingValue = Tag(0x0028, 0x0120)
  /// (0028,0121) US or SS, VM 1.
  package static let pixelPaddingRangeLimit = Tag(0x0028, 0x0121)
  /// Float Pixel Padding Value (0028,0122), FL, 1.
  package static let floatPixelPaddingValue = Tag(0x0028, 0x0122)
  /// Double Float Pixel Padding Value (0028,0123), FD, 1.
  package static let doubleFloatPixelPaddingValue = Tag(0x0028, 0x0123)
  /// Float Pixel Padding Range Limit (0028,0124), FL, 1.
  package static let floatPixelPaddingRangeLimit = Tag(0x0028, 0x0124)
  /// Double Float Pixel Padding Range Limit (0028,0125), FD, 1.
  package static let doubleFloatPixelPaddingRangeLimit = Tag(0x0028, 0x0125)
  /// (7FE0,0001) OV, VM 1.
  package static let extendedOffsetTable = Tag(0x7FE0, 0x0001)
  /// (7FE0,0008) OF, VM 1.
  package static let floatPixelData = Tag(0x7FE0, 0x0008)
  /// (7FE0,0009) OD, VM 1.
  package static let doubleFloatPixelData = Tag(0x7FE0, 0x0009)
  /// (7FE0,0010) OB or OW, VM 1.
  package static let pixelData = Tag(0x7FE0, 0x0010)

  // MARK: Modality LUT, VOI LUT, palette and presentation

  /// (0028,1050) DS, VM 1-n.
  package static let windowCenter = Tag(0x0028, 0x1050)
  /// (0028,1051) DS, VM 1-n.
  package static let windowWidth = Tag(0x0028, 0x1051)
  /// (0028,1052) DS, VM 1.
  package static let rescaleIntercept = Tag(0x0028, 0x1052)
  /// (0028,1053) DS, VM 1.
  package static let rescaleSlope = Tag(0x0028, 0x1053)
  /// (0028,1054) LO, VM 1.
  package static let rescaleType = Tag(0x0028, 0x1054)
  /// (0028,1055) LO, VM 1-n.
  package static let windowCenterWidthExplanation = Tag(0x0028, 0x1055)
  /// (0028,1056) CS, VM 1.
  package static let voilutFunction = Tag(0x0028, 0x1056)
  /// (0028,1101) US or SS, VM 3.
  package static let redPaletteColorLookupTableDescriptor = Tag(0x0028, 0x1101)
  /// (0028,1102) US or SS, VM 3.
  package static let greenPaletteColorLookupTableDescriptor = Tag(0x0028, 0x1102)
  /// (0028,1103) US or SS, VM 3.
  package static let bluePaletteColorLookupTableDescriptor = Tag(0x0028, 0x1103)
  /// (0028,1199) UI, VM 1.
  package static let paletteColorLookupTableUID = Tag(0x0028, 0x1199)
  /// (0028,1201) OW, VM 1.
  package static let redPaletteColorLookupTableData = Tag(0x0028, 0x1201)
  /// (0028,1202) OW, VM 1.
  package static let greenPaletteColorLookupTableData = Tag(0x0028, 0x1202)
  /// (0028,1203) OW, VM 1.
  package static let bluePaletteColorLookupTableData = Tag(0x0028, 0x1203)
  /// (0028,1221) OW, VM 1.
  package static let segmentedRedPaletteColorLookupTableData = Tag(0x0028, 0x1221)
  /// (0028,1222) OW, VM 1.
  package static let segmentedGreenPaletteColorLookupTableData = Tag(0x0028, 0x1222)
  /// (0028,1223) OW, VM 1.
  package static let segmentedBluePaletteColorLookupTableData = Tag(0x0028, 0x1223)
  /// (0028,3000) SQ, VM 1.
  package static let modalityLUTSequence = Tag(0x0028, 0x3000)
  /// (0028,3002) US or SS, VM 3.
  package static let lutDescriptor = Tag(0x0028, 0x3002)
  /// (0028,3003) LO, VM 1.
  package static let lutExplanation = Tag(0x0028, 0x3003)
  /// (0028,3004) LO, VM 1.
  package static let modalityLUTType = Tag(0x0028, 0x3004)
  /// (0028,3006) US or OW, VM 1-n.
  package static let lutData = Tag(0x0028, 0x3006)
  /// (0028,3010) SQ, VM 1.
  package static let voilutSequence = Tag(0x0028, 0x3010)
  /// (2050,0020) CS, VM 1.
  package static let presentationLUTShape = Tag(0x2050, 0x0020)

  // MARK: Positron emission tomography

  /// (0054,1001) CS, VM 1.
  package static let units = Tag(0x0054, 0x1001)
  /// (0054,1006) CS, VM 1.
  package static let suvType = Tag(0x0054, 0x1006)

  // MARK: Functional groups of enhanced objects

  /// (0020,9113) SQ, VM 1.
  package static let planePositionSequence = Tag(0x0020, 0x9113)
  /// (0020,9116) SQ, VM 1.
  package static let planeOrientationSequence = Tag(0x0020, 0x9116)
  /// (0028,9110) SQ, VM 1.
  package static let pixelMeasuresSequence = Tag(0x0028, 0x9110)
  /// (0028,9132) SQ, VM 1.
  package static let frameVOILUTSequence = Tag(0x0028, 0x9132)
  /// (0028,9145) SQ, VM 1.
  package static let pixelValueTransformationSequence = Tag(0x0028, 0x9145)
  /// (5200,9229) SQ, VM 1.
  package static let sharedFunctionalGroupsSequence = Tag(0x5200, 0x9229)
  /// (5200,9230) SQ, VM 1.
  package static let perFrameFunctionalGroupsSequence = Tag(0x5200, 0x9230)

  // MARK: Codes and references

  /// (0008,0100) SH, VM 1.
  package static let codeValue = Tag(0x0008, 0x0100)
  /// (0008,0102) SH, VM 1.
  package static let codingSchemeDesignator = Tag(0x0008, 0x0102)
  /// (0008,0103) SH, VM 1.
  package static let codingSchemeVersion = Tag(0x0008, 0x0103)
  /// (0008,0104) LO, VM 1.
  package static let codeMeaning = Tag(0x0008, 0x0104)
  /// (0008,0119) UC, VM 1.
  package static let longCodeValue = Tag(0x0008, 0x0119)
  /// (0008,1032) SQ, VM 1.
  package static let procedureCodeSequence = Tag(0x0008, 0x1032)
  /// (0008,1110) SQ, VM 1.
  package static let referencedStudySequence = Tag(0x0008, 0x1110)
  /// (0008,1115) SQ, VM 1.
  package static let referencedSeriesSequence = Tag(0x0008, 0x1115)
  /// (0008,1150) UI, VM 1.
  package static let referencedSOPClassUID = Tag(0x0008, 0x1150)
  /// (0008,1155) UI, VM 1.
  package static let referencedSOPInstanceUID = Tag(0x0008, 0x1155)
  /// (0008,1160) IS, VM 1-n.
  package static let referencedFrameNumber = Tag(0x0008, 0x1160)
  /// (0008,1199) SQ, VM 1.
  package static let referencedSOPSequence = Tag(0x0008, 0x1199)
  /// (0032,1060) LO, VM 1.
  package static let requestedProcedureDescription = Tag(0x0032, 0x1060)
  /// (0032,1064) SQ, VM 1.
  package static let requestedProcedureCodeSequence = Tag(0x0032, 0x1064)
  /// (0040,0009) SH, VM 1.
  package static let scheduledProcedureStepID = Tag(0x0040, 0x0009)
  /// (0040,1001) SH, VM 1.
  package static let requestedProcedureID = Tag(0x0040, 0x1001)
  /// (0040,2016) LO, VM 1.
  package static let placerOrderNumberImagingServiceRequest = Tag(0x0040, 0x2016)
  /// (0040,2017) LO, VM 1.
  package static let fillerOrderNumberImagingServiceRequest = Tag(0x0040, 0x2017)
  /// (0040,A370) SQ, VM 1.
  package static let referencedRequestSequence = Tag(0x0040, 0xA370)

  // MARK: Structured reporting

  /// (0008,0105) CS, VM 1.
  package static let mappingResource = Tag(0x0008, 0x0105)
  /// (0008,010C) UI, VM 1.
  package static let codingSchemeUID = Tag(0x0008, 0x010C)
  /// (0008,0110) SQ, VM 1.
  package static let codingSchemeIdentificationSequence = Tag(0x0008, 0x0110)
  /// (0008,0112) LO, VM 1.
  package static let codingSchemeRegistry = Tag(0x0008, 0x0112)
  /// (0008,0115) ST, VM 1.
  package static let codingSchemeName = Tag(0x0008, 0x0115)
  /// (0008,0116) ST, VM 1.
  package static let codingSchemeResponsibleOrganization = Tag(0x0008, 0x0116)
  /// (0008,0118) UI, VM 1.
  package static let mappingResourceUID = Tag(0x0008, 0x0118)
  /// (0040,08EA) SQ, VM 1.
  package static let measurementUnitsCodeSequence = Tag(0x0040, 0x08EA)
  /// (0040,A010) CS, VM 1.
  package static let relationshipType = Tag(0x0040, 0xA010)
  /// (0040,A032) DT, VM 1.
  package static let observationDateTime = Tag(0x0040, 0xA032)
  /// (0040,A040) CS, VM 1.
  package static let valueType = Tag(0x0040, 0xA040)
  /// (0040,A043) SQ, VM 1.
  package static let conceptNameCodeSequence = Tag(0x0040, 0xA043)
  /// (0040,A050) CS, VM 1.
  package static let continuityOfContent = Tag(0x0040, 0xA050)
  /// (0040,A120) DT, VM 1.
  package static let dateTime = Tag(0x0040, 0xA120)
  /// (0040,A124) UI, VM 1.
  package static let uidValue = Tag(0x0040, 0xA124)
  /// (0040,A160) UT, VM 1.
  package static let textValue = Tag(0x0040, 0xA160)
  /// (0040,A161) FD, VM 1-n.
  package static let floatingPointValue = Tag(0x0040, 0xA161)
  /// (0040,A168) SQ, VM 1.
  package static let conceptCodeSequence = Tag(0x0040, 0xA168)
  /// (0040,A300) SQ, VM 1.
  package static let measuredValueSequence = Tag(0x0040, 0xA300)
  /// (0040,A301) SQ, VM 1.
  package static let numericValueQualifierCodeSequence = Tag(0x0040, 0xA301)
  /// (0040,A30A) DS, VM 1-n.
  package static let numericValue = Tag(0x0040, 0xA30A)
  /// (0040,A360) SQ, VM 1.
  package static let predecessorDocumentsSequence = Tag(0x0040, 0xA360)
  /// (0040,A372) SQ, VM 1.
  package static let performedProcedureCodeSequence = Tag(0x0040, 0xA372)
  /// (0040,A375) SQ, VM 1.
  package static let currentRequestedProcedureEvidenceSequence = Tag(0x0040, 0xA375)
  /// (0040,A385) SQ, VM 1.
  package static let pertinentOtherEvidenceSequence = Tag(0x0040, 0xA385)
  /// (0040,A491) CS, VM 1.
  package static let completionFlag = Tag(0x0040, 0xA491)
  /// (0040,A492) LO, VM 1.
  package static let completionFlagDescription = Tag(0x0040, 0xA492)
  /// (0040,A493) CS, VM 1.
  package static let verificationFlag = Tag(0x0040, 0xA493)
  /// (0040,A496) CS, VM 1.
  package static let preliminaryFlag = Tag(0x0040, 0xA496)
  /// (0040,A504) SQ, VM 1.
  package static let contentTemplateSequence = Tag(0x0040, 0xA504)
  /// (0040,A730) SQ, VM 1.
  package static let contentSequence = Tag(0x0040, 0xA730)
  /// (0040,DB00) CS, VM 1.
  package static let templateIdentifier = Tag(0x0040, 0xDB00)

  // MARK: Acquisition context

  /// (0040,0555) SQ, VM 1.
  package static let acquisitionContextSequence = Tag(0x0040, 0x0555)

  // MARK: Media directory

  /// (0004,1220) SQ, VM 1.
  package static let directoryRecordSequence = Tag(0x0004, 0x1220)
}
