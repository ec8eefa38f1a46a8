namespace OrleansCache.Engine.Serialization;

/// <summary>References to grains and observers: their identity travels.</summary>
internal sealed class ReferenceCodec<T>(IReferenceCodec references) : ValueCodec<T>
    where T : class
{
    public override void Write(ref WireWriter writer, T? value) => writer.WriteString(value is null ? null : references.GetIdentity(value));

    public override T? Read(ref WireReader reader)
    {
        if (reader.ReadString() is not { } identity)
            return null;
        try
        {
            return (T)references.CreateReference(typeof(T), identity);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            throw new Orleans.Serialization.SerializerException($"'{identity}' is no reference to a {TypeText.Of(typeof(T))}: {e.Message}", e);
        }
    }

    // An observer or a grain itself is refused here as it would be on the wire, not shared by accident.
    public override bool IsImmutable => false;

    public override T? Copy(T? value, ref CopyContext context)
    {
        if (value is not null)
            _ = references.GetIdentity(value);
        return value;
    }
}
