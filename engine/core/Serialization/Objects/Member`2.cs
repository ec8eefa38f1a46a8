namespace OrleansCache.Engine.Serialization;

/// <inheritdoc cref="Member{TOwner}"/>
internal sealed class Member<TOwner, TMember>(uint wireId, CodecPart part, Getter<TOwner, TMember> get, Setter<TOwner, TMember> set, bool immutable)
    : Member<TOwner>(wireId, part)
{
    private IValueCodec<TMember> _codec = null!;

    /// <summary>Made by reflection from the model of a member.</summary>
    public Member(MemberModel model)
        : this(
            model.WireId,
            new CodecPart(new CodecKey(typeof(TMember)), $"member {model.Name} of {TypeText.Of(typeof(TOwner))}"),
            Accessors.Get<TOwner, TMember>(model.Read),
            Accessors.Set<TOwner, TMember>(model.Write),
            model.IsImmutable)
    {
    }

    public override bool IsImmutable => immutable || _codec.IsImmutable;

    public override void Connect(Func<CodecKey, IValueCodec> codecs) => _codec = (IValueCodec<TMember>)codecs(Part.Key);

    public override void Write(ref WireWriter writer, ref TOwner owner) => _codec.Write(ref writer, get(ref owner));

    public override void Read(ref WireReader reader, ref TOwner owner) => set(ref owner, _codec.Read(ref reader));

    public override void Copy(ref TOwner from, ref TOwner to, ref CopyContext context)
    {
        var value = get(ref from);
        set(ref to, IsImmutable ? value : _codec.Copy(value, ref context));
    }
}
