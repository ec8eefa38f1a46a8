using System.Text;
using Orleans.Serialization;

namespace OrleansCache.Engine.Serialization;

/// <summary>
/// Values of a declared type that others derive from: a class, an interface, <c>object</c>, an exception. A value of the
/// plain type is written as it is, any other one behind its type's name.
/// </summary>
/// <param name="types">The types that have names.</param>
/// <param name="plain">The type whose values need no name; null when there is none.</param>
/// <param name="convert">Makes a value of the plain type out of one whose own type cannot be sent, where that loses nothing but the type.</param>
internal sealed class PolymorphicCodec<T>(TypedCodecs types, Type? plain, Func<object, object>? convert = null) : ValueCodec<T>, ICompositeCodec
    where T : class
{
    private IValueCodec? _plain;

    public override bool IsImmutable => false;

    public IEnumerable<CodecPart> Parts => plain is null
        ? []
        : [new CodecPart(new CodecKey(plain, Exact: true), plain == typeof(T) ? "" : $"{TypeText.Of(typeof(T))} as {TypeText.Of(plain)}")];

    public void Connect(Func<CodecKey, IValueCodec> codecs) => _plain = plain is null ? null : codecs(new CodecKey(plain, Exact: true));

    public override void Write(ref WireWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteNull();
            return;
        }

        var type = value.GetType();
        if (type == plain)
        {
            _plain!.WriteObject(ref writer, value);
            return;
        }

        if (Find(type) is { } typed)
        {
            writer.WriteTypeName(typed.Name);
            typed.Codec.WriteObject(ref writer, value);
            return;
        }

        _plain!.WriteObject(ref writer, convert!(value));
    }

    public override T? Read(ref WireReader reader)
    {
        switch (reader.PeekHeader())
        {
            case WireKind.Null:
                reader.Skip();
                return null;
            case WireKind.Reference:
                reader.ReadHeader();
                return reader.ReadReference<T>();
            case WireKind.Typed:
                reader.ReadHeader();
                return ReadTyped(ref reader);
            default:
                return _plain is null
                    ? throw reader.Malformed($"a value of {typeof(T)} does not say its type")
                    : (T?)_plain.ReadObject(ref reader);
        }
    }

    public override T? Copy(T? value, ref CopyContext context)
    {
        if (value is null)
            return null;
        var type = value.GetType();
        if (type == plain)
            return (T?)_plain!.CopyObject(value, ref context);
        return (T?)(Find(type) is { } typed ? typed.Codec.CopyObject(value, ref context) : _plain!.CopyObject(convert!(value), ref context));
    }

    private TypedCodec? Find(Type type)
    {
        if (types.Find(type, out var reason) is { } typed)
            return typed;
        return convert is null ? throw new CodecNotFoundException(reason) : null;
    }

    private T? ReadTyped(ref WireReader reader)
    {
        var name = reader.ReadRawBytes();
        if (types.Find(name) is { } typed)
        {
            return typeof(T).IsAssignableFrom(typed.Codec.ValueType)
                ? (T?)typed.Codec.ReadObject(ref reader)
                : throw reader.Malformed($"a {TypeText.Of(typed.Codec.ValueType)} is no {TypeText.Of(typeof(T))}");
        }

        var text = Encoding.UTF8.GetString(name);
        if (!typeof(T).IsAssignableTo(typeof(Exception)) || !typeof(T).IsAssignableFrom(typeof(UnavailableExceptionFallbackException)))
            throw new SerializerException($"The type '{text}' that a value says is not known here. It needs [GenerateSerializer], in an assembly that is loaded, and an [Alias] that no other type has.");
        var substitute = (UnavailableExceptionFallbackException?)types.UnavailableException.ReadObject(ref reader);
        if (substitute is not null)
            substitute.ExceptionType = text;
        return (T?)(object?)substitute;
    }
}
