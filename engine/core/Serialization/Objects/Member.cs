namespace OrleansCache.Engine.Serialization;

/// <summary>A member of an owner, ready to be written, read and copied.</summary>
internal abstract class Member<TOwner>(uint wireId, CodecPart part)
{
    public uint WireId => wireId;

    public CodecPart Part => part;

    /// <summary>Whether its value is shared instead of copied.</summary>
    public abstract bool IsImmutable { get; }

    public abstract void Connect(Func<CodecKey, IValueCodec> codecs);

    public abstract void Write(ref WireWriter writer, ref TOwner owner);

    public abstract void Read(ref WireReader reader, ref TOwner owner);

    public abstract void Copy(ref TOwner from, ref TOwner to, ref CopyContext context);
}
