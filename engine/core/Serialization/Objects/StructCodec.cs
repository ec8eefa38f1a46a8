namespace OrleansCache.Engine.Serialization;

/// <summary>Values of a struct, by its members.</summary>
internal sealed class StructCodec<T>(Member<T>[][] levels, bool isImmutable) : ValueCodec<T>, ICompositeCodec
    where T : struct
{
    private readonly MemberLevels<T> _levels = new(levels);
    private readonly Func<T>? _constructor = Accessors.Constructor<T>();
    private bool _isImmutable = isImmutable;

    public override bool IsImmutable => _isImmutable;

    public IEnumerable<CodecPart> Parts => _levels.Parts;

    public void Connect(Func<CodecKey, IValueCodec> codecs)
    {
        _levels.Connect(codecs);

        // A list of this struct may lead back here before the answer is known; it then counts as mutable, which is safe.
        _isImmutable |= _levels.AreImmutable;
    }

    public override void Write(ref WireWriter writer, T value)
    {
        writer.BeginGroup();
        _levels.Write(ref writer, ref value);
    }

    public override T Read(ref WireReader reader)
    {
        if (!reader.ReadHeader(WireKind.Group))
            return default;
        reader.EnterGroup();
        var value = _constructor is null ? default : _constructor();
        _levels.Read(ref reader, ref value);
        return value;
    }

    public override T Copy(T value, ref CopyContext context)
    {
        if (IsImmutable)
            return value;
        var copy = value;
        _levels.Copy(ref value, ref copy, ref context);
        return copy;
    }
}
