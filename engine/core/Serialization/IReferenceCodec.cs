namespace OrleansCache.Engine.Serialization;

/// <summary>How references to grains and observers travel. The runtime implements it; the serializer knows nothing else about references.</summary>
internal interface IReferenceCodec
{
    /// <summary>Whether values of this declared type are references: an interface of grains or observers, or the class of a reference.</summary>
    bool IsReferenceInterface(Type type);

    /// <summary>The printable identity of a reference, enough to make it again elsewhere.</summary>
    /// <exception cref="ArgumentException">The object is not a reference (a grain or an observer itself was passed).</exception>
    string GetIdentity(object reference);

    /// <summary>A reference that implements the interface and stands for the identity.</summary>
    object CreateReference(Type interfaceType, string identity);
}
