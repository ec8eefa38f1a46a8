using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Connections.Security;

namespace OrleansCache.Tls;

/// <summary>
/// Mutual TLS between the processes of a cluster: each presents a certificate of the same authority and accepts no other. Silos are told
/// from clients by the name in their certificates.
/// </summary>
internal static class TlsCertificates
{
    // The uses of a certificate that its issuer may restrict it to (RFC 5280, 4.2.1.12).
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    /// <summary>The reasons why the settings cannot be used.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="section">Their configuration section, for the message.</param>
    public static IEnumerable<string> Problems(TlsCertificateOptions settings, string section)
    {
        if (!settings.IsOn)
            return [];
        // Without it everybody with a certificate of any authority that the machine trusts would be let in.
        if (settings.Authority.Length == 0)
        {
            return
            [
                $"{section}:Authority is empty while {section}:Certificate is set; name the PEM file of the authority that issues the "
                + "certificates of this cluster.",
            ];
        }

        try
        {
            return new TlsIdentity(settings, TimeProvider.System, NullLogger.Instance).Certificate.HasPrivateKey
                ? []
                :
                [
                    $"{section}:Certificate {settings.Certificate} has no private key; give a PKCS#12 file, or name the key's file "
                    + $"in {section}:Key.",
                ];
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return
            [
                $"{section}:Certificate {settings.Certificate} or {section}:Authority {settings.Authority} cannot be read: {error.Message}",
            ];
        }
    }

    /// <summary>The reasons why the other silos would not take this process for a silo.</summary>
    /// <param name="settings">Settings without <see cref="Problems"/>.</param>
    /// <param name="section">Their configuration section, for the message.</param>
    public static IEnumerable<string> SiloProblems(TlsCertificateOptions settings, string section)
    {
        if (!settings.IsOn)
            yield break;
        var identity = new TlsIdentity(settings, TimeProvider.System, NullLogger.Instance);
        if (!identity.Certificate.MatchesHostname(identity.SiloName))
        {
            yield return
                $"{section}:Certificate {settings.Certificate} has not the name {identity.SiloName} of {section}:Name, by which silos "
                + "know each other, so none would take it for a silo's; give a silo's certificate.";
        }

        // Of several extensions each restricts; without any a certificate may be used for everything.
        foreach (var uses in identity.Certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>())
        {
            string[] allowed = [.. uses.EnhancedKeyUsages.Cast<Oid>().Select(use => use.Value!)];
            if (allowed.Contains(ServerUse.Value) && allowed.Contains(ClientUse.Value))
                continue;
            yield return $"{section}:Certificate {settings.Certificate} may not be used for both ends of a connection, as a silo's must "
                + "(extended key usage serverAuth and clientAuth); give a silo's certificate.";
        }
    }

    /// <summary>The options of a connection that this process opens to a silo.</summary>
    public static TlsOptions ToSilo(TlsIdentity identity)
    {
        var tls = Common(identity, ServerUse, name: null);
        // The name of the silo is checked against it.
        tls.OnAuthenticateAsClient = (_, options) => options.TargetHost = identity.SiloName;
        return tls;
    }

    /// <summary>The options of a connection that another silo opens: its certificate needs the name that silos have.</summary>
    public static TlsOptions FromSilo(TlsIdentity identity) => Common(identity, ClientUse, () => identity.SiloName);

    /// <summary>The options of a connection that a client opens.</summary>
    public static TlsOptions FromClient(TlsIdentity identity) => Common(identity, ClientUse, name: null);

    private static TlsOptions Common(TlsIdentity identity, Oid use, Func<string>? name) => new()
    {
        // Orleans asks that there is one; the selectors are what counts.
        LocalCertificate = identity.Certificate,
        LocalServerCertificateSelector = (_, _) => identity.Certificate,
        LocalClientCertificateSelector = (_, _, _, _, _) => identity.Certificate,
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        ClientCertificateMode = RemoteCertificateMode.RequireCertificate,
        RemoteCertificateValidation = (certificate, sent, errors) =>
            IsOf(identity.Authorities, certificate, sent, errors, use) && (name is null || certificate.MatchesHostname(name())),
    };

    /// <summary>Whether a certificate was issued by the authorities for this use.</summary>
    private static bool IsOf(
        X509Certificate2Collection authorities, X509Certificate2 certificate, X509Chain? sent, SslPolicyErrors errors, Oid use)
    {
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(use);
        // The intermediate authorities that the other side has sent.
        if (sent is not null)
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainElements.Select(element => element.Certificate).ToArray());
        return chain.Build(certificate);
    }
}
