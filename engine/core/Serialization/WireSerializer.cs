using Orleans.Serialization;

namespace OrleansCache.Engine.Serialization;

/// <summary>Codecs for every type that may be sent. One per service provider; thread-safe.</summary>
internal sealed class WireSerializer
{
    /// <param name="references">How references to grains and observers travel.</param>
    /// <param name="codecs">Codecs for types of the runtime's own (ids, addresses), made with <see cref="ValueCodec{T}"/>.</param>
    public WireSerializer(IReferenceCodec references, IEnumerable<IValueCodec>? codecs = null)
    {
        _ = references;
        _ = codecs;
    }

    /// <summary>The codec for values of this declared type. Keep it: looking it up costs more than most values.</summary>
    /// <exception cref="CodecNotFoundException">Values of the type cannot be sent; the message names the type and why.</exception>
    public IValueCodec<T> GetCodec<T>() => (IValueCodec<T>)GetCodec(typeof(T));

    /// <inheritdoc cref="GetCodec{T}"/>
    public IValueCodec GetCodec(Type declaredType) => throw new NotImplementedException(declaredType.ToString());

    /// <summary>Every reason why values of the declared type cannot be sent, each naming the type and the member; empty when they can.</summary>
    public IEnumerable<string> Verify(Type type) => throw new NotImplementedException(type.ToString());

    /// <summary>Writes what a call threw. An exception that cannot be sent goes as a substitute that names it; this never throws.</summary>
    public void WriteException(ref WireWriter writer, Exception exception) => throw new NotImplementedException();

    /// <summary>Reads what <see cref="WriteException"/> wrote, ready to be thrown.</summary>
    public Exception ReadException(ref WireReader reader) => throw new NotImplementedException();

    /// <summary>What a caller in the same silo gets when a call threw: as if it had been sent.</summary>
    public Exception CopyException(Exception exception) => throw new NotImplementedException();
}
