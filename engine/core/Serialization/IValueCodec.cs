namespace OrleansCache.Engine.Serialization;

/// <summary>The untyped view of a codec, for places where the type is known at run time only.</summary>
internal interface IValueCodec
{
    /// <summary>The declared type that this codec writes and reads.</summary>
    Type ValueType { get; }

    /// <summary>Whether values are shared instead of copied.</summary>
    bool IsImmutable { get; }

    /// <summary>Writes a value of <see cref="ValueType"/>, or null.</summary>
    void WriteObject(ref WireWriter writer, object? value);

    /// <summary>Reads what <see cref="WriteObject"/> wrote.</summary>
    object? ReadObject(ref WireReader reader);

    /// <summary>A deep copy; what is shared within the context's values is shared in the copies too.</summary>
    object? CopyObject(object? value, ref CopyContext context);
}
