using OrleansCache.TestSupport;
using OrleansCache.Tls;

namespace OrleansCache.Tests.Client.Tls;

/// <summary>Certificates that are renewed while a process runs.</summary>
public sealed class TlsIdentityTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-tls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_certificate_whose_file_changes_is_used_from_then_on_and_a_broken_file_changes_nothing_but_is_logged()
    {
        using var authority = new TestAuthority(_folder.FullName, "ours");
        var file = authority.Issue("silo.test");
        var (time, log) = (new ManualTimeProvider(), new CollectedLog());
        var identity = new TlsIdentity(new() { Certificate = file, Authority = authority.File }, time, log);
        var first = identity.Certificate.SerialNumber;
        Assert.Equal("silo.test", identity.SiloName);

        Write(() => authority.Issue("silo.test"), minutes: 1);
        var second = identity.Certificate.SerialNumber;
        Assert.NotEqual(first, second);

        Assert.Empty(log.Warnings);
        Write(() => File.WriteAllText(file, "half a"), minutes: 2);
        Assert.Equal(second, identity.Certificate.SerialNumber);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(second, identity.Certificate.SerialNumber);
        Assert.Single(log.Warnings);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(second, identity.Certificate.SerialNumber);
        Assert.Equal(2, log.Warnings.Count);

        Write(() => authority.Issue("silo.test"), minutes: 3);
        Assert.NotEqual(second, identity.Certificate.SerialNumber);

        // Of another time, however coarse the file system's clock is.
        void Write(Action write, int minutes)
        {
            write();
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(minutes));
            time.Advance(TimeSpan.FromSeconds(2));
        }
    }
}
