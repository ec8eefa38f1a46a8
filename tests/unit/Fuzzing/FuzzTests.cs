using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Configuration;
using OrleansCache.Cli.Commands;
using OrleansCache.Cli.Prompt;
using OrleansCache.Cli.Sessions;
using OrleansCache.Client.Import;
using OrleansCache.Redis;
using OrleansCache.Silo.Configuration;
using Xunit.Abstractions;

namespace OrleansCache.Tests.Fuzzing;

/// <summary>
/// Bad input of every kind, in numbers: it is refused by the exception that says so, or taken, and nothing else happens. With
/// <c>./test --all</c> a million inputs, otherwise some thousands.
/// </summary>
[Collection(Alone)]
public sealed class FuzzTests(ITestOutputHelper output)
{
    /// <summary>The collection of tests that measure the memory of the process, beside which no other runs.</summary>
    public const string Alone = "alone in the process";

    // Each of the five kinds gets as many.
    private static readonly int Inputs = Environment.GetEnvironmentVariable("ORLEANSCACHE_TESTS") == "all" ? 200_000 : 2_000;

    // What stays after all of them; a leak of a hundred bytes an input is far above it.
    private const long MostGrowth = 16 * 1024 * 1024;

    // What reading a file allocates: at first, and for each byte of it.
    private const long MostOfReader = 512 * 1024;
    private const long MostOfByte = 500;

    // Of one input, on a machine that does other things as well; what hangs is far above it.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private static readonly string[] Keys = ["book::1984", "book::{x}", "a", "book::čapek-žena", "book::😀"];

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["OrleansCache:Home"] = "europe",
        ["OrleansCache:TimeToLive"] = "00:10:00",
        ["OrleansCache:MemoryBudgetBytes"] = "268435456",
        ["OrleansCache:Regions:0:Name"] = "europe",
        ["OrleansCache:Regions:0:Nodes:0:Name"] = "europe-1",
        ["OrleansCache:Regions:0:Nodes:0:Connection"] = "redis-1:6379,user=a,password=${env:PATH},ssl=true,serviceName=x",
        ["OrleansCache:Regions:0:Nodes:0:Weight"] = "100",
        ["OrleansCache:Regions:1:Name"] = "asia",
        ["OrleansCache:Regions:1:Fallback:0"] = "europe",
        ["OrleansCache:Regions:1:Nodes:0:Name"] = "asia-1",
        ["OrleansCache:Regions:1:Nodes:0:Connection"] = "[::1]:6379,abortConnect=false",
        ["OrleansCache:Catalog:Provider"] = "sqlite",
        ["OrleansCache:Leases:Predecessors"] = "InTable",
        ["OrleansCache:Clustering:Redis"] = "10.0.0.1:6379",
        ["OrleansCache:Clustering:ProbeTimeout"] = "00:00:00.6",
        ["OrleansCache:Silo:Region"] = "europe",
        ["OrleansCache:Silo:SiloPort"] = "11111",
        ["OrleansCache:Http:Port"] = "8080",
        ["OrleansCache:Http:OtlpEndpoint"] = "http://127.0.0.1:4317",
        ["OrleansCache:Http:Origins:0"] = "https://shop.example",
    };

    [Fact]
    public void Entries_of_Redis()
    {
        var envelope = new Envelope(new("cluster", "europe", "a secret of enough length"));
        byte[][] good =
        [
            .. from key in Keys
               from payload in (byte[]?[])[null, [1], BookPayload.Encode(new("A title", "An author", 1949))]
               select envelope.Pack(new(key, new(7, Guid.NewGuid()), payload)),
        ];
        var taken = 0;
        Run(1, good, bytes =>
        {
            // The chance that a changed entry has its seal is one in 2^128; unchanged ones may be made of others' parts.
            if (envelope.Unpack(Keys[0], bytes) is not null && !good.Any(entry => entry.AsSpan().SequenceEqual(bytes)))
                taken++;
        });
        Assert.Equal(0, taken);
    }

    [Fact]
    public void Payloads_and_keys()
    {
        byte[][] good = [.. Keys.Select(Encoding.UTF8.GetBytes), BookPayload.Encode(new("A title", "An author", 1949, "x", "y", "z"))];
        Run(2, good, bytes =>
        {
            Try<InvalidPayloadException>(() => BookPayload.Decode(bytes));
            // Halves of surrogate pairs too.
            var text = string.Concat(bytes.Select((b, i) => i % 7 == 3 ? (char)(0xD700 + b) : (char)b));
            Try<InvalidKeyException>(() => CacheKey.Parse(text));
            Assert.True(PlainText.IsPlain(PlainText.Of(text)));
        });
    }

    [Fact]
    public void Files_of_books()
    {
        byte[][] good =
        [
            Encoding.UTF8.GetBytes("key,title,author,year\r\nbook::a,\"A, title\",Čapek,1949\r\nbook::b,\"B \"\"x\"\"\",,\r\n"),
            Encoding.UTF8.GetBytes(
                "\uFEFFisbn,original_title,authors,original_publication_year\n1,T,\"A, B\",2005.0\n2,\"two\nlines\",C,-5\n"),
            Encoding.Unicode.GetBytes("\uFEFFbook_id,title\n1,Žena a muž\n"),
            Encoding.BigEndianUnicode.GetBytes("isbn;title;tags\n0439023483;Žena a muž;x\n"),
            Encoding.Latin1.GetBytes("sep=;\r\nkey;title;pubdate\r\nbook::a;Ärger;2019-03-05T01:00:00\r\n"),
            Encoding.UTF8.GetBytes(
                "Book Id\tTitle\tAuthor\tAdditional Authors\tISBN\tISBN13\n1\tA\tB\tC & D\t\"=\"\"0439023483\"\"\"\t=\"\"\n"),
        ];
        // Has its tables read, once.
        BookKey.Of("e\u0301");
        Run(3, good, bytes =>
        {
            using var file = new MemoryStream(bytes, writable: false);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var reader = BookCsvReader.OpenAsync(file, new ImportOptions()).GetAwaiter().GetResult();
                foreach (var row in reader.ReadAsync().ToBlockingEnumerable().Where(row => row.IsGood))
                {
                    Assert.False(string.IsNullOrWhiteSpace(BookPayload.Decode(row.Book!.Payload).Title));
                    Assert.Equal(row.Book.Key, BookKey.Of(row.Book.Key));
                }

                reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
            catch (ImportException)
            {
                // It says what is wrong with the file.
            }

            // What a reader begins with, and a small multiple of the file, of which most is garbage soon.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostOfReader + (MostOfByte * bytes.Length));
        });
    }

    [Fact]
    public void Settings_of_silos()
    {
        var names = Settings.Keys.ToArray();
        byte[][] good = [.. Settings.Values.Select(value => Encoding.UTF8.GetBytes(value!))];
        var random = new Random(4);
        Run(4, good, bytes =>
        {
            var changed = new Dictionary<string, string?>(Settings) { [names[random.Next(names.Length)]] = Encoding.UTF8.GetString(bytes) };
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(changed).Build();
            Try<SettingsException>(() => SiloHostOptions.Read(configuration));
        });
    }

    [Fact]
    public void Lines_of_the_console()
    {
        var tree = new CommandTree(new RunningStart(), interactive: true);
        string[] lines =
        [
            "lookup book::1984 --region asia --fresh", "put book::x --title \"A title\" --year 1949", "import 'a file.csv' --key isbn",
            "node add asia asia-2 redis:6379,password=${env:X} --weight 50", "purge 'book::*' --region europe", "watch book::1984",
            "stats --json",
        ];
        Run(5, [.. lines.Select(Encoding.UTF8.GetBytes)], bytes =>
        {
            if (Words.Split(Encoding.UTF8.GetString(bytes)) is { } words && tree.Parse(words) is { Errors.Count: > 0 } parsed)
                Assert.False(string.IsNullOrEmpty(Complaint.About(parsed)));
        });
    }

    private static void Try<TExpected>(Action take)
        where TExpected : Exception
    {
        try
        {
            take();
        }
        catch (TExpected error)
        {
            Assert.False(string.IsNullOrWhiteSpace(error.Message));
        }
    }

    private void Run(int seed, byte[][] good, Action<byte[]> take)
    {
        var mutator = new Mutator(seed);
        // What is made once does not count.
        foreach (var input in good)
            take(input);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < Inputs; i++)
        {
            var input = mutator.Next(good);
            var began = Stopwatch.GetTimestamp();
            try
            {
                take(input);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Input {i:N0} of seed {seed}, {Convert.ToHexString(input)}: {error}", error);
            }

            if (Stopwatch.GetElapsedTime(began) is var took && took > slowest)
                slowest = took;
        }

        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{Inputs:N0} inputs, the slowest {slowest.TotalMilliseconds:N1} ms; {growth:N0} bytes more in use");
        Assert.InRange(slowest, TimeSpan.Zero, Longest);
        Assert.True(growth < MostGrowth, $"{growth:N0} bytes more are in use.");
    }
}

[CollectionDefinition(FuzzTests.Alone, DisableParallelization = true)]
public sealed class AloneCollection;
