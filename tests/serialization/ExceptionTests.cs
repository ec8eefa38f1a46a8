using System.Runtime.CompilerServices;
using Orleans.Serialization;
using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Internals.Tests;

public sealed class ExceptionTests
{
    private readonly WireSerializer _serializer = Wire.NewSerializer();

    [Fact]
    public void An_exception_with_GenerateSerializer_keeps_type_message_members_data_and_trace()
    {
        var thrown = Throw(new BookUnavailable("no book", new TimeoutException("slow")) { Key = "book::1984", Data = { ["tier"] = "redis", ["try"] = 3 } });
        var read = Assert.IsType<BookUnavailable>(Wire.RoundTripException(_serializer, thrown));
        Assert.Equal(("no book", "book::1984"), (read.Message, read.Key));
        Assert.Equal(("redis", 3), ((string?)read.Data["tier"], (int?)read.Data["try"]));
        Assert.Equal("slow", Assert.IsType<TimeoutException>(read.InnerException).Message);
        Assert.Contains(nameof(Throw), read.StackTrace);
        Assert.Contains(nameof(Throw), Throw(read).StackTrace);
    }

    [Theory]
    [MemberData(nameof(FrameworkExceptions))]
    public void An_exception_of_the_framework_keeps_type_and_message(Exception exception)
    {
        var read = Wire.RoundTripException(_serializer, exception);
        Assert.IsType(exception.GetType(), read);
        Assert.Equal(exception.Message, read.Message);
        Assert.Equal(exception.HResult, read.HResult);
    }

    public static TheoryData<Exception> FrameworkExceptions => new(
        new Exception("plain"),
        new ArgumentException("bad", "name"),
        new ArgumentNullException("name"),
        new InvalidOperationException("no", new FormatException("because")),
        new TimeoutException(),
        new OperationCanceledException("stopped"),
        new TaskCanceledException(),
        new KeyNotFoundException("where"),
        new NotSupportedException("never"),
        new ObjectDisposedException("thing"),
        new System.Net.Sockets.SocketException(111),
        new AggregateException("many", new TimeoutException("one"), new InvalidOperationException("two")));

    [Fact]
    public void All_inner_exceptions_of_an_aggregate_arrive()
    {
        var read = Assert.IsType<AggregateException>(Wire.RoundTripException(_serializer, new AggregateException("many", new TimeoutException("one"), new BookUnavailable("two"))));
        Assert.Equal(["one", "two"], read.InnerExceptions.Select(e => e.Message));
        Assert.IsType<BookUnavailable>(read.InnerExceptions[1]);
    }

    [Fact]
    public void Another_exception_arrives_as_a_substitute_that_names_it()
    {
        var read = Assert.IsType<CodecNotFoundException>(Wire.RoundTripException(_serializer, new Homemade("the message")));
        Assert.Contains(typeof(Homemade).FullName!, read.Message);
        Assert.Contains("the message", read.Message);
    }

    [Fact]
    public void An_exception_with_something_in_it_that_cannot_be_sent_arrives_as_a_substitute_too()
    {
        var inner = Wire.RoundTripException(_serializer, new InvalidOperationException("outer", new Homemade("inner")));
        Assert.Contains(nameof(Homemade), Assert.IsType<CodecNotFoundException>(inner).Message);
        Assert.Contains("outer", inner.Message);
        var data = Wire.RoundTripException(_serializer, new InvalidOperationException("outer") { Data = { ["x"] = new Samples.NotSerializable() } });
        Assert.Contains(nameof(Samples.NotSerializable), Assert.IsType<CodecNotFoundException>(data).Message);
    }

    [Fact]
    public void An_exception_that_fails_even_to_say_its_message_is_no_danger() =>
        Assert.Contains(nameof(Mute), Wire.RoundTripException(_serializer, new Mute()).Message);

    [Fact]
    public void An_exception_of_a_type_that_is_not_known_here_keeps_what_all_have()
    {
        var bytes = Wire.Write<Exception>(_serializer, new BookUnavailable("no book") { Key = "k" });
        var renamed = System.Text.Encoding.UTF8.GetBytes("Test.BookUnavailable");
        bytes.AsSpan(bytes.AsSpan().IndexOf(renamed), renamed.Length).Fill((byte)'z');
        var read = Assert.IsType<UnavailableExceptionFallbackException>(Wire.Read<Exception>(_serializer, bytes));
        Assert.Equal(("no book", new string('z', renamed.Length)), (read.Message, read.ExceptionType));
        var relayed = Assert.IsType<UnavailableExceptionFallbackException>(Wire.RoundTripException(_serializer, read));
        Assert.Equal(read.ExceptionType, relayed.ExceptionType);
    }

    [Fact]
    public void An_exception_type_that_cannot_be_made_arrives_as_one_that_is_not_known()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new WireWriter(buffer);
        writer.WriteTypeName("System.Data.Common.DbException"u8);
        writer.BeginGroup();
        writer.EndGroup();
        writer.Flush();
        Assert.NotNull(typeof(System.Data.Common.DbException).Assembly);
        Assert.IsType<UnavailableExceptionFallbackException>(Wire.Read<Exception>(_serializer, buffer.WrittenSpan));
    }

    [Fact]
    public void An_exception_may_be_a_member_of_a_value()
    {
        var read = Wire.RoundTrip<List<Exception?>>(_serializer, [new BookUnavailable("a") { Key = "k" }, null, new Exception("b")])!;
        Assert.Equal("k", Assert.IsType<BookUnavailable>(read[0]).Key);
        Assert.Null(read[1]);
        Assert.Equal("b", read[2]!.Message);
        Assert.Contains(_serializer.Verify(typeof(List<Homemade>)), reason => reason.Contains(nameof(Homemade)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Exception Throw(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception caught)
        {
            return caught;
        }
    }

    [GenerateSerializer, Alias("Test.BookUnavailable")]
    internal sealed class BookUnavailable(string message, Exception? inner = null) : InvalidOperationException(message, inner)
    {
        [Id(0)]
        public string? Key { get; set; }
    }

    internal sealed class Homemade(string message) : Exception(message);

    internal sealed class Mute : Exception
    {
        public override string Message => throw new InvalidOperationException("mute");
    }
}
