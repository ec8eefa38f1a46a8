namespace OrleansCache.Engine.Serialization;

/// <summary>Writes, reads and copies values of one declared type. Thread-safe and without state.</summary>
/// <remarks>
/// A value on the wire says its own <see cref="WireKind"/>, so that a reader that does not want it can skip it: values
/// may be written one after the other with no frame around them. Values written by one writer share one table of
/// objects, as the arguments of one call should.
/// </remarks>
internal interface IValueCodec<T> : IValueCodec
{
    /// <summary>Writes one value.</summary>
    /// <exception cref="Orleans.Serialization.SerializerException">The value holds something that cannot be sent; the message names it.</exception>
    void Write(ref WireWriter writer, T? value);

    /// <summary>Reads one value.</summary>
    /// <exception cref="Orleans.Serialization.SerializerException">The bytes are no such value.</exception>
    T? Read(ref WireReader reader);

    /// <summary>A deep copy; what is shared within the context's values is shared in the copies too.</summary>
    T? Copy(T? value, ref CopyContext context);

    /// <summary>A deep copy of one value by itself.</summary>
    T? Copy(T? value)
    {
        if (IsImmutable)
            return value;
        var context = default(CopyContext);
        return Copy(value, ref context);
    }
}
