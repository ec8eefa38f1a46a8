namespace OrleansCache.Engine.Serialization;

internal sealed class NullableCodec<T> : ValueCodec<T?>, ICompositeCodec
    where T : struct
{
    private IValueCodec<T> _value = null!;

    public override bool IsImmutable => _value is { IsImmutable: true };

    public IEnumerable<CodecPart> Parts => [new CodecPart(new CodecKey(typeof(T)), $"the value of {TypeText.Of(typeof(T))}?")];

    public void Connect(Func<CodecKey, IValueCodec> codecs) => _value = (IValueCodec<T>)codecs(new CodecKey(typeof(T)));

    public override void Write(ref WireWriter writer, T? value)
    {
        if (value is { } present)
            _value.Write(ref writer, present);
        else
            writer.WriteNull();
    }

    public override T? Read(ref WireReader reader)
    {
        if (reader.PeekHeader() != WireKind.Null)
            return _value.Read(ref reader);
        reader.Skip();
        return null;
    }

    public override T? Copy(T? value, ref CopyContext context) => value is { } present ? _value.Copy(present, ref context) : null;
}
