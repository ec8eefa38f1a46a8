using System.Runtime.CompilerServices;
using Orleans.Serialization;

namespace OrleansCache.Engine.Serialization;

/// <summary>Values of exactly one class, by its members.</summary>
/// <param name="levels">The members.</param>
/// <param name="isImmutable">Whether values are shared instead of copied. Such ones have no identity on the wire either: met twice, they arrive as two.</param>
internal sealed class ObjectCodec<T>(Member<T>[][] levels, bool isImmutable) : ValueCodec<T>, ICompositeCodec
    where T : class
{
    private readonly MemberLevels<T> _levels = new(levels);
    private readonly Func<T>? _constructor = Accessors.Constructor<T>();

    public override bool IsImmutable => isImmutable;

    public IEnumerable<CodecPart> Parts => _levels.Parts;

    public void Connect(Func<CodecKey, IValueCodec> codecs) => _levels.Connect(codecs);

    public override void Write(ref WireWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteNull();
            return;
        }

        if (isImmutable)
            writer.BeginGroup();
        else if (!writer.BeginObject(value))
            return;
        _levels.Write(ref writer, ref value);
    }

    public override T? Read(ref WireReader reader)
    {
        if (!reader.BeginObject<T>(out var known, out var number))
            return known;
        var value = Create();
        if (!isImmutable)
            reader.Remember(number, value);
        _levels.Read(ref reader, ref value);
        return value;
    }

    public override T? Copy(T? value, ref CopyContext context)
    {
        if (value is null || isImmutable)
            return value;
        if (context.TryGet(value, out var copy))
            return copy;
        copy = Create();
        context.Add(value, copy);
        _levels.Copy(ref value, ref copy, ref context);
        return copy;
    }

    private T Create()
    {
        try
        {
            return _constructor is null ? (T)RuntimeHelpers.GetUninitializedObject(typeof(T)) : _constructor();
        }
        catch (Exception e) when (e is not SerializerException)
        {
            throw new SerializerException($"A {TypeText.Of(typeof(T))} could not be made: {e.Message}", e);
        }
    }
}
