using Orleans.Serialization;

namespace OrleansCache.Engine.Serialization;

/// <summary>A codec of a simple immutable type, made of two functions.</summary>
internal sealed class DelegateCodec<T>(DelegateCodec<T>.Writer write, DelegateCodec<T>.Reader read) : ValueCodec<T>
{
    internal delegate void Writer(ref WireWriter writer, T value);

    internal delegate T Reader(ref WireReader reader);

    public override void Write(ref WireWriter writer, T? value)
    {
        if (value is null)
            writer.WriteNull();
        else
            write(ref writer, value);
    }

    public override T? Read(ref WireReader reader)
    {
        if (default(T) is null && reader.PeekHeader() == WireKind.Null)
        {
            reader.Skip();
            return default;
        }

        try
        {
            return read(ref reader);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw new SerializerException($"The bytes are no {typeof(T)}: {e.Message}", e);
        }
    }
}
