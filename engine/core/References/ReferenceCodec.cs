using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.References;

/// <summary>References travel as the identity of what they stand for and are bound to the host that reads them.</summary>
internal sealed class ReferenceCodec : IReferenceCodec
{
    private ReferenceFactory? _factory;

    public void Bind(ReferenceFactory factory) => _factory = factory;

    public bool IsReferenceInterface(Type type) => type == typeof(GrainReference) || (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type));

    public string GetIdentity(object reference) => reference switch
    {
        GrainReference known => known.GrainId.ToString(),
        IGrainBase { GrainContext: { } context } => context.GrainId.ToString(),
        _ => throw new ArgumentException(
            $"{reference.GetType()} is not a reference. Send what {nameof(IGrainFactory.CreateObjectReference)} or {nameof(GrainExtensions.AsReference)} returns.", nameof(reference)),
    };

    public object CreateReference(Type interfaceType, string identity)
    {
        var slash = identity.IndexOf('/');
        if (slash <= 0) throw new FormatException($"'{identity}' is not the identity of a grain.");
        return _factory!.Create(GrainId.Create(identity[..slash], identity[(slash + 1)..]), interfaceType);
    }
}
