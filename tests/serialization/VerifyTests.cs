using Orleans.Serialization;
using OrleansCache.Engine.Serialization;
using static OrleansCache.Engine.Internals.Tests.Samples;

namespace OrleansCache.Engine.Internals.Tests;

public sealed class VerifyTests
{
    private readonly WireSerializer _serializer = Wire.NewSerializer();

    [Theory]
    [InlineData(typeof(Shelf))]
    [InlineData(typeof(Node))]
    [InlineData(typeof(Answer))]
    [InlineData(typeof(object))]
    [InlineData(typeof(IReadOnlyDictionary<string, Pair<int, Book>[]>))]
    [InlineData(typeof(FakeReferences.INamed))]
    [InlineData(typeof((int, DateTimeOffset?)))]
    public void A_type_that_can_be_sent_has_no_problem(Type type) => Assert.Empty(_serializer.Verify(type));

    [Fact]
    public void A_member_without_a_codec_is_named_with_its_way()
    {
        var reason = Assert.Single(_serializer.Verify(typeof(Dictionary<string, Holder>)));
        Assert.Contains($"type {TypeName<NotSerializable>()} (an element of System.Collections.Generic.List<", reason);
        Assert.EndsWith("has no [GenerateSerializer]", reason);
        var error = Assert.Throws<CodecNotFoundException>(() => _serializer.GetCodec<Holder>());
        Assert.Contains(TypeName<Holder>(), error.Message);
        Assert.Contains(TypeName<NotSerializable>(), error.Message);
    }

    [Fact]
    public void A_member_is_named_with_its_owner() =>
        Assert.Equal(
            [$"type {TypeName<NotSerializable>()} (member First of {typeof(Pair<,>).FullName!.Replace("`2", "")}<{TypeName<NotSerializable>()}, System.Int32>) has no [GenerateSerializer]"],
            _serializer.Verify(typeof(Pair<NotSerializable, int>)));

    [Fact]
    public void A_missing_id_a_clash_and_a_base_type_without_the_attribute_are_named()
    {
        Assert.Contains("property Lost of", Assert.Single(_serializer.Verify(typeof(Forgetful))));
        var clash = Assert.Single(_serializer.Verify(typeof(Clash)));
        Assert.Contains("[Id(3)]", clash);
        Assert.Contains("One and Two", clash);
        Assert.Contains($"{TypeName<NotForSending>()} (the base type of {TypeName<OddChild>()})", Assert.Single(_serializer.Verify(typeof(OddChild))));
    }

    [Theory]
    [InlineData(typeof(int[,]))]
    [InlineData(typeof(Action))]
    [InlineData(typeof(List<>))]
    [InlineData(typeof(Span<int>))]
    public void What_can_never_be_sent_is_refused(Type type) => Assert.NotEmpty(_serializer.Verify(type));

    private static string TypeName<T>() => typeof(T).FullName!;
}
